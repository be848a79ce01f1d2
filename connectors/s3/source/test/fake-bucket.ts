import { ConnectError, STRING } from '../../../../api/index.ts'
import type { ListedObject, ObjectBucket, ObjectReader, ObjectSource } from '../../ports.ts'

/** A bucket in memory. Its listings have pages of `pageSize` objects; reading waits at gates. */
export class FakeBucket implements ObjectBucket {
  readonly #objects = new Map<string, ListedObject & { readonly lines: readonly string[] }>()
  readonly #gates = new Map<string, Promise<void>>()
  readonly #pageSize: number
  #clock = 1_000_000
  /** Prefix and start of each listing. */
  readonly listings: { readonly prefix: string; readonly startAfter: string | undefined }[] = []
  /** Keys of the objects that have been opened. */
  readonly opened: string[] = []
  pages = 0
  /** Called before each page and each object; may throw. */
  before: (what: string) => void = () => {}
  closed = false

  constructor(pageSize = 1000) {
    this.#pageSize = pageSize
  }

  /** Adds or replaces an object of lines. Each is modified a second after the one before, unless `modified` is given. */
  put(key: string, lines: readonly string[], modified = (this.#clock += 1000)): void {
    const size = lines.reduce((sum, line) => sum + line.length + 1, 0)
    this.#objects.set(key, { key, size, etag: `"${modified}"`, lastModified: modified, lines })
  }

  delete(key: string): void {
    this.#objects.delete(key)
  }

  /** Makes reading an object wait until the returned function is called. */
  gate(key: string): () => void {
    let open = () => {}
    const closed = new Promise<void>((resolve) => (open = resolve))
    this.#gates.set(key, closed)
    return open
  }

  async *list(
    prefix: string,
    startAfter: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedObject[]> {
    this.listings.push({ prefix, startAfter })
    let after = startAfter ?? ''
    for (;;) {
      signal.throwIfAborted()
      this.before(`list ${prefix}`)
      const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after)
      const page = keys.toSorted().slice(0, this.#pageSize)
      this.pages++
      await Promise.resolve()
      if (page.length > 0) yield page.map((key) => this.#listed(key))
      if (page.length < this.#pageSize) return
      after = page.at(-1) ?? ''
    }
  }

  open(object: ListedObject): ObjectSource {
    const { key, size } = object
    return {
      key,
      size,
      stream: (_from, signal) => this.#stream(object, signal),
      range: () => Promise.reject(new Error('not used')),
    }
  }

  async *#stream(object: ListedObject, signal: AbortSignal): AsyncGenerator<Buffer> {
    this.before(`get ${object.key}`)
    this.opened.push(object.key)
    for (const line of this.#linesOf(object)) {
      await this.#gates.get(`${object.key} ${line}`)
      await this.#gates.get(object.key)
      signal.throwIfAborted()
      yield Buffer.from(line)
    }
  }

  close(): void {
    this.closed = true
  }

  #listed(key: string): ListedObject {
    const found = this.#objects.get(key)
    if (found === undefined) throw new Error(`no object ${key}`)
    const { size, etag, lastModified } = found
    return { key, size, etag, lastModified }
  }

  #linesOf({ key, etag }: ListedObject): readonly string[] {
    const now = this.#objects.get(key)
    if (now?.etag === etag) return now.lines
    throw new ConnectError('HR_RETRIABLE', `the object ${key} has been replaced`)
  }
}

/** Reads each line as a record, in batches of two; the line `bad` is not valid. */
export const lineReader: ObjectReader = {
  async *read(object, skip, signal) {
    let batch: { schema: typeof STRING; value: string }[] = []
    let at = 0
    for await (const bytes of object.stream(0, signal)) {
      const value = bytes.toString()
      if (value === 'bad') {
        if (batch.length > 0) yield batch
        throw new ConnectError('HR_DATA_INVALID', 'line is bad')
      }
      if (at++ < skip) continue
      batch.push({ schema: STRING, value })
      if (batch.length < 2) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  },
}
