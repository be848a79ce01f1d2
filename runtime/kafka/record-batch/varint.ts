/** Returns the size of a 32-bit value as a zig-zag varint, in bytes. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x20_0000) return 3
  return zigzag < 0x1000_0000 ? 4 : 5
}

/** Writes a 32-bit value as a zig-zag varint. Returns the position after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[at++] = rest
  return at
}

const INT32_MIN = -0x8000_0000
const INT32_MAX = 0x7fff_ffff

/** Like {@link writeVarint}, for any safe integer. */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value >= INT32_MIN && value <= INT32_MAX) return writeVarint(bytes, at, value)
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  while (rest >= 0x80n) {
    bytes[at++] = Number(rest & 0x7fn) | 0x80
    rest >>= 7n
  }
  bytes[at++] = Number(rest)
  return at
}

export const MAX_VARLONG_BYTES = 10
export const MAX_VARINT_BYTES = 5

/** Reads consecutive varints. The cursor can be reused, so no object is allocated per record. */
export class VarintCursor {
  at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  varint(): number {
    const bytes = this.#bytes
    let byte = bytes[this.at++]!
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let value = byte & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      byte = bytes[this.at++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return (value >>> 1) ^ -(value & 1)
  }

  /** Reads a 64-bit value, such as a timestamp delta. Exact up to 2^53. */
  varlong(): number {
    const bytes = this.#bytes
    const first = bytes[this.at]!
    if (
      first < 0x80 ||
      bytes[this.at + 1]! < 0x80 ||
      bytes[this.at + 2]! < 0x80 ||
      bytes[this.at + 3]! < 0x80
    ) {
      return this.varint()
    }
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[this.at++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return Number((value >> 1n) ^ -(value & 1n))
  }
}
