/** Views of larger buffers are not cached, because the cache keeps the buffer in memory until the next message. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024

/** Creates views of buffers. Caches the last one, because consecutive messages usually share a buffer. */
export class ByteViews {
  #bytes: Buffer | undefined
  #view: DataView | undefined

  of(bytes: Buffer): DataView {
    if (bytes === this.#bytes && this.#view !== undefined) return this.#view
    const view = viewOf(bytes)
    if (bytes.buffer.byteLength > MOST_KEPT_BYTES) return view
    this.#bytes = bytes
    this.#view = view
    return view
  }
}

export const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/**
 * Whether `view` contains `text` at `at`; the view must be long enough. `text` is UTF-8 without zero bytes.
 *
 * Compares eight bytes at a time, as little-endian doubles. Equal doubles have equal bytes unless they are zero, and only
 * a NaN is unequal to itself. UTF-8 never forms a NaN: in memory order, it would end with a byte from F0 on and then 7F
 * or FF, but a byte from F0 on starts a character of four bytes.
 */
export function holdsAt(view: DataView, at: number, text: DataView): boolean {
  const { byteLength } = text
  let step = 0
  for (; step + 8 <= byteLength; step += 8) {
    if (view.getFloat64(at + step, true) !== text.getFloat64(step, true)) return false
  }
  for (; step < byteLength; step++) if (view.getUint8(at + step) !== text.getUint8(step)) return false
  return true
}

/** Returns the view if the text decoded from it, from `start` to `end`, is ASCII. */
export function asciiView(text: string, view: DataView, start: number, end: number): DataView | undefined {
  return text.length === end - start ? view : undefined
}

/** Escapes, control characters, and the replacement for bytes that are not UTF-8. */
const UNUSUAL = /[\\\u0000-\u001f\ufffd]/

/** Decodes the bytes from `start` to `end` if they are UTF-8 without escapes or control characters. */
export function plainText(bytes: Buffer, view: DataView, start: number, end: number): string | undefined {
  if (isPlainAscii(view, start, end)) return bytes.toString('latin1', start, end)
  const text = bytes.toString('utf8', start, end)
  return UNUSUAL.test(text) ? undefined : text
}

const BACKSLASH = 0x5c
const BLANK = 0x20
const DELETE = 0x7f
const HIGH_BITS = 0x80808080 | 0

/**
 * Checks four bytes at a time. The high bit of a byte is set in `word` if the byte is not ASCII, in the first
 * difference if it is a control character, and in the second difference if it is a backslash.
 */
function isPlainAscii(view: DataView, start: number, end: number): boolean {
  let at = start
  let found = 0
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at)
    const other = word ^ 0x5c5c5c5c
    found |= word | (word - 0x20202020) | ((other - 0x01010101) & ~other)
  }
  if ((found & HIGH_BITS) !== 0) return false
  for (; at < end; at++) {
    const byte = view.getUint8(at)
    if (byte < BLANK || byte > DELETE || byte === BACKSLASH) return false
  }
  return true
}
