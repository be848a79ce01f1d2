import type { DictionaryPage } from './column-values.ts'
import type { Bounds } from './statistics.ts'

/** Compresses a page; null if pages are not compressed. */
export type Compress = ((bytes: Buffer) => Promise<Buffer>) | null

export interface PageKind {
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY' | 'DICTIONARY'
  /** Number of values and nulls. */
  readonly count: number
}

/** A page: its size before compression, and its bytes, which are replaced by the compressed ones when they are ready. */
export interface Page extends PageKind {
  readonly size: number
  bytes: Buffer
}

/** The pages of a column in a row group, the dictionary first. */
export interface ColumnPages {
  readonly pages: readonly Page[]
  readonly nulls: number
  readonly bounds: Bounds | undefined
  /** Memory in bytes. */
  heldBytes(): number
  /** Resolves when all pages are compressed. */
  compressed(): Promise<void>
}

/** Pages that are being compressed, at the same time as more arrive. */
export class PageList {
  readonly #compress: Compress
  readonly #pages: Page[] = []
  readonly #compressing: Promise<void>[] = []

  constructor(compress: Compress) {
    this.#compress = compress
  }

  /** Size in bytes before compression. */
  get size(): number {
    return this.#pages.reduce((sum, { size }) => sum + size, 0)
  }

  /** Memory in bytes. */
  get heldBytes(): number {
    return heldBy(this.#pages)
  }

  add(kind: PageKind, bytes: Buffer): void {
    this.#pages.push(this.#page(kind, bytes))
  }

  /** Returns the pages. The last call. */
  end(dictionary: DictionaryPage | undefined, nulls: number, bounds: Bounds | undefined): ColumnPages {
    const pages = this.#pages
    if (dictionary !== undefined) {
      pages.unshift(this.#page({ encoding: 'DICTIONARY', count: dictionary.count }, dictionary.bytes))
    }
    return {
      pages,
      nulls,
      bounds,
      heldBytes: () => heldBy(pages),
      compressed: async () => {
        await Promise.all(this.#compressing)
      },
    }
  }

  #page(kind: PageKind, bytes: Buffer): Page {
    const page: Page = { ...kind, size: bytes.length, bytes }
    if (this.#compress === null) return page
    const done = this.#compress(bytes).then((compressed) => {
      page.bytes = compressed
    })
    // A failure is reported by `compressed`, which may be called much later or never.
    done.catch(() => {})
    this.#compressing.push(done)
    return page
  }
}

function heldBy(pages: readonly Page[]): number {
  return pages.reduce((sum, { bytes }) => sum + bytes.buffer.byteLength, 0)
}
