import { corrupt } from './corrupt.ts'

/**
 * Decodes `count` whole numbers of at most `bits` bits from runs of equal values and groups of packed bits.
 *
 * Throws `HR_DATA_INVALID` if the bytes end before. Source: the RLE / Bit-Packing Hybrid of Encodings.md.
 */
export function readRunLengths<T extends Uint8Array | Uint32Array>(
  bytes: Buffer,
  bits: number,
  output: T,
): T {
  if (bits > 32) throw corrupt(`${bits} bits per value, where at most 32 are possible`)
  const reader = new RunReader(bytes, bits)
  let filled = 0
  while (filled < output.length) filled = reader.next(output, filled)
  return output
}

class RunReader {
  readonly #bytes: Buffer
  readonly #bits: number
  #at = 0

  constructor(bytes: Buffer, bits: number) {
    this.#bytes = bytes
    this.#bits = bits
  }

  /** Adds the next run from `start`, as far as there is room, and returns its end. */
  next(output: Uint8Array | Uint32Array, start: number): number {
    const header = this.#varint()
    const length = header % 2 === 0 ? header / 2 : ((header - 1) / 2) * 8
    if (length === 0) throw corrupt('a run of no values')
    const end = Math.min(start + length, output.length)
    if (header % 2 === 0) output.fill(this.#value(), start, end)
    else this.#unpack(output, start, end, length)
    return end
  }

  #varint(): number {
    let value = 0
    for (let shift = 1; shift < 2 ** 35; shift *= 128) {
      const byte = this.#byte()
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
    throw corrupt('a length of more than 32 bits')
  }

  #value(): number {
    let value = 0
    for (let shift = 0; shift < this.#bits; shift += 8) value |= this.#byte() << shift
    return value >>> 0
  }

  /** The last group may be cut off behind the values that are needed. */
  #unpack(output: Uint8Array | Uint32Array, start: number, end: number, length: number): void {
    const bits = this.#bits
    const first = this.#at
    const needed = Math.ceil(((end - start) * bits) / 8)
    if (first + needed > this.#bytes.length) throw corrupt('packed values end early')
    const mask = bits === 32 ? 0xffff_ffff : 2 ** bits - 1
    let held = 0
    let heldBits = 0
    let at = first
    for (let to = start; to < end; to++) {
      while (heldBits < bits) {
        held += (this.#bytes[at++] as number) * 2 ** heldBits
        heldBits += 8
      }
      output[to] = bits > 24 ? held % (mask + 1) : held & mask
      held = bits > 24 ? Math.floor(held / (mask + 1)) : held >>> bits
      heldBits -= bits
    }
    this.#at = first + (length * bits) / 8
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw corrupt('runs of values end early')
    return byte
  }
}
