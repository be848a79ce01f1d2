import { ByteSink } from './byte-sink.ts'
import { indexes, NumberList } from './number-list.ts'
import { bitsFor, writeRunLengths } from './run-lengths.ts'
import type { Bounds, Statistics } from './statistics.ts'

/** A dictionary page may have this many bytes. Source: parquet.dictionary.page.size of parquet-mr. */
const MAX_DICTIONARY_BYTES = 1 << 20
/** After so many values, and again after four times as many, a dictionary must have been worth its size. */
const FIRST_CHECK = 4096
/** Memory in bytes of an entry of a dictionary, besides its value: estimated. */
const ENTRY_BYTES = 64

/** How the values of a physical type are stored. */
export interface ValueKind<T> {
  readonly write: (out: ByteSink, value: T) => void
  /** Returns what is equal for equal values; null if the values have no dictionary. */
  readonly keyOf: ((value: T) => unknown) | null
  /** Returns a key without reference to the record it comes from, if it may have one. */
  readonly ownKey?: (key: unknown) => unknown
  readonly statistics: () => Statistics<T>
  /** Writes the values of a page, if they are not stored as they have been written. */
  readonly pack?: (out: ByteSink, values: Buffer) => void
}

/** How the values of a data page are encoded. */
export type ValueEncoding = 'PLAIN' | 'RLE_DICTIONARY'

export interface DictionaryPage {
  readonly bytes: Buffer
  readonly count: number
}

/**
 * The values of one column of a row group. They are stored as indexes into a dictionary as long as that is smaller, else
 * as they are.
 */
export class ColumnValues<T> {
  readonly #kind: ValueKind<T>
  readonly #statistics: Statistics<T>
  readonly #plain = new ByteSink()
  readonly #entries = new Map<unknown, number>()
  readonly #dictionary = new ByteSink()
  /** Position of each entry in the dictionary. */
  readonly #starts = new NumberList(indexes)
  readonly #indexes = new NumberList(indexes)
  /** Whether values that arrive are looked up in the dictionary. */
  #looksUp: boolean
  #nextCheck = FIRST_CHECK
  /** Number of values that pages with indexes contain. */
  #inPages = 0

  constructor(kind: ValueKind<T>) {
    this.#kind = kind
    this.#statistics = kind.statistics()
    this.#looksUp = kind.keyOf !== null
  }

  add(value: T): void {
    if (this.#looksUp) this.#lookUp(value)
    else {
      this.#kind.write(this.#plain, value)
      this.#statistics.add(value)
    }
  }

  /** Size in bytes of the current page, before compression. */
  get pageBytes(): number {
    if (this.#indexes.length === 0) return this.#plain.size
    return (this.#indexes.length * bitsFor(this.#entries.size)) >> 3
  }

  /** Whether the current page must end, because the dictionary is full. */
  get mustEnd(): boolean {
    return this.#indexes.length > 0 && this.#dictionary.size >= MAX_DICTIONARY_BYTES
  }

  /** Memory in bytes. */
  get heldBytes(): number {
    const lists = this.#indexes.capacity + this.#starts.capacity
    const dictionary = this.#entries.size * ENTRY_BYTES + this.#dictionary.capacity * 2
    return this.#plain.capacity + lists + dictionary
  }

  /** Adds the values of the current page to `out`, and starts the next. */
  takePage(out: ByteSink): ValueEncoding {
    if (this.#indexes.length > 0 && this.#inPages === 0) this.#check()
    if (this.#indexes.length === 0) return this.#takePlain(out)
    const bits = bitsFor(this.#entries.size - 1)
    out.byte(bits)
    writeRunLengths(out, this.#indexes.values, this.#indexes.length, bits)
    this.#inPages += this.#indexes.length
    this.#indexes.clear()
    if (this.#dictionary.size >= MAX_DICTIONARY_BYTES) this.#looksUp = false
    return 'RLE_DICTIONARY'
  }

  /** Returns the dictionary, if pages need it. No values may be added afterwards. */
  dictionaryPage(): DictionaryPage | undefined {
    return this.#inPages === 0 ? undefined : { bytes: this.#dictionary.view(), count: this.#entries.size }
  }

  bounds(): Bounds | undefined {
    return this.#statistics.bounds()
  }

  #takePlain(out: ByteSink): ValueEncoding {
    const { pack } = this.#kind
    const values = this.#plain.view()
    if (pack === undefined) out.bytes(values)
    else pack(out, values)
    this.#plain.clear()
    return 'PLAIN'
  }

  #lookUp(value: T): void {
    const key = this.#kind.keyOf?.(value)
    let index = this.#entries.get(key)
    if (index === undefined) {
      index = this.#entries.size
      this.#entries.set(this.#kind.ownKey?.(key) ?? key, index)
      this.#starts.push(this.#dictionary.size)
      this.#kind.write(this.#dictionary, value)
      this.#statistics.add(value)
    }
    this.#indexes.push(index)
    if (this.#inPages > 0 || this.#indexes.length < this.#nextCheck) return
    this.#nextCheck *= 4
    this.#check()
  }

  /** Gives up the dictionary if it is not smaller than the values. */
  #check(): void {
    const count = this.#indexes.length
    const indexBytes = (count * bitsFor(this.#entries.size)) / 8
    const plainBytes = (this.#dictionary.size / this.#entries.size) * count
    if (this.#dictionary.size + indexBytes > plainBytes) this.#giveUp()
  }

  #giveUp(): void {
    const dictionary = this.#dictionary.view()
    this.#starts.push(dictionary.length)
    for (let at = 0; at < this.#indexes.length; at++) {
      const index = this.#indexes.values[at] as number
      this.#plain.bytes(dictionary.subarray(this.#starts.values[index], this.#starts.values[index + 1]))
    }
    this.#looksUp = false
    this.#entries.clear()
    this.#dictionary.free()
    this.#starts.free()
    this.#indexes.free()
  }
}
