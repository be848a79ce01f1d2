import { int64 } from '../../../../../api/index.ts'
import type { Tap } from './tap.ts'

/** avsc computes with doubles, in which a zigzag number of more bits is not exact. */
const EXACT = 2 ** 52
const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

export const isLong = (value: unknown): value is number | bigint =>
  typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'bigint' && value >= MIN && value <= MAX

/** Writes an integer of up to 64 bits. */
export function writeInt64(tap: Tap, value: number | bigint): void {
  const number = Number(value)
  if (number < EXACT && number > -EXACT) return tap.writeLong(number)
  const long = BigInt(value)
  let rest = BigInt.asUintN(64, (long << 1n) ^ (long >> 63n))
  while (rest > 0x7fn) {
    tap.buf[tap.pos++] = Number(rest & 0x7fn) | 0x80
    rest >>= 7n
  }
  tap.buf[tap.pos++] = Number(rest)
}

/** Reads an integer of up to 64 bits: a number if it is safe, or else a bigint. */
export function readInt64(tap: Tap): number | bigint {
  const start = tap.pos
  const number = tap.readLong()
  if (number < EXACT && number > -EXACT) return number
  let zigzag = 0n
  for (let at = start, shift = 0n; at < tap.pos; at++, shift += 7n) {
    zigzag |= BigInt((tap.buf[at] ?? 0) & 0x7f) << shift
  }
  return int64((zigzag >> 1n) ^ -(zigzag & 1n))
}
