import { ByteSink, copyOf } from './byte-sink.ts'
import { ownText } from './own-text.ts'

/** Longer texts and bytes are not stored as the smallest or largest value of a column. */
const MAX_BYTES = 256

/** The smallest and the largest value of a column, as stored. */
export interface Bounds {
  readonly min: Buffer
  readonly max: Buffer
}

/** Finds the bounds of a column. */
export interface Statistics<T> {
  add(value: T): void
  /** Undefined if there are none. */
  bounds(): Bounds | undefined
}

type Write<T> = (out: ByteSink, value: T) => void

function encoded<T>(write: Write<T>, value: T): Buffer {
  const out = new ByteSink()
  write(out, value)
  return out.copy()
}

/** Bounds of whole numbers and booleans. */
export function ordered<T extends number | bigint | boolean>(write: Write<T>): Statistics<T> {
  let min: T | undefined
  let max: T | undefined
  return {
    add(value) {
      if (min === undefined || value < min) min = value
      if (max === undefined || value > max) max = value
    },
    bounds: () =>
      min === undefined || max === undefined
        ? undefined
        : { min: encoded(write, min), max: encoded(write, max) },
  }
}

/** Whether the bytes are those of a zero with any sign. */
const isZero = (bytes: Buffer): boolean =>
  bytes.every((byte, at) => byte === 0 || (at === bytes.length - 1 && byte === 0x80))

/** Bounds of floats, without NaN. A zero is stored with the sign that includes both. Source: parquet.thrift. */
export function floats(write: Write<number>): Statistics<number> {
  const { add, bounds } = ordered<number>((out, value) => write(out, value))
  let zero = false
  return {
    add(value) {
      if (Number.isNaN(value)) return
      if (value === 0) zero = true
      add(value)
    },
    bounds() {
      const found = bounds()
      if (found === undefined || !zero) return found
      return {
        min: isZero(found.min) ? encoded(write, -0) : found.min,
        max: isZero(found.max) ? encoded(write, 0) : found.max,
      }
    },
  }
}

/** Bounds of bytes, compared as unsigned. */
export function unsignedBytes(): Statistics<Uint8Array> {
  let min: Uint8Array | undefined
  let max: Uint8Array | undefined
  return {
    add(value) {
      // the values are parts of large buffers with many records
      if (min === undefined || Buffer.compare(value, min) < 0) min = copyOf(value)
      if (max === undefined || Buffer.compare(value, max) > 0) max = copyOf(value)
    },
    bounds: () => short(min, max),
  }
}

const NOT_ASCII = /[^\0-\x7f]/

const isLess = (a: string, b: string): boolean =>
  NOT_ASCII.test(a) && NOT_ASCII.test(b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 : a < b

/** Bounds of texts in the order of their bytes in UTF-8, which for surrogates is not that of JavaScript. */
export function texts(): Statistics<string> {
  let min: string | undefined
  let max: string | undefined
  return {
    add(value) {
      if (min === undefined || max === undefined) {
        min = max = ownText(value)
        return
      }
      if (isLess(value, min)) min = ownText(value)
      else if (isLess(max, value)) max = ownText(value)
    },
    bounds: () => short(min && Buffer.from(min), max && Buffer.from(max)),
  }
}

/** No bounds, for types whose order other programs do not agree on, or that are rarely searched. */
export function unordered(): Statistics<unknown> {
  return { add: () => {}, bounds: () => undefined }
}

function short(min: Uint8Array | '' | undefined, max: Uint8Array | '' | undefined): Bounds | undefined {
  if (min === undefined || max === undefined) return undefined
  if (min.length > MAX_BYTES || max.length > MAX_BYTES) return undefined
  return { min: Buffer.from(min), max: Buffer.from(max) }
}
