import type { ByteSink } from './byte-sink.ts'

/** The shortest run that is written as one: a group of packed values has this length. */
const GROUP = 8

/** Returns the number of bits that a whole number needs, at most 24. */
export const bitsFor = (highest: number): number => 32 - Math.clz32(highest)

/**
 * Encodes whole numbers of at most `bits` bits as runs of equal values and groups of packed bits.
 *
 * Source: the RLE / Bit-Packing Hybrid of the Parquet format's Encodings.md.
 */
export function writeRunLengths(out: ByteSink, values: ArrayLike<number>, count: number, bits: number): void {
  let at = 0
  while (at < count) {
    const run = runAt(values, at, count)
    if (run >= GROUP) {
      writeRun(out, values[at] as number, run, bits)
      at += run
      continue
    }
    let end = at + GROUP
    while (end < count && !isRun(values, end, count)) end += GROUP
    writePacked(out, values, at, end, count, bits)
    at = end
  }
}

function runAt(values: ArrayLike<number>, start: number, count: number): number {
  let end = start + 1
  while (end < count && values[end] === values[start]) end++
  return end - start
}

function isRun(values: ArrayLike<number>, start: number, count: number): boolean {
  if (start + GROUP > count) return false
  for (let at = start + 1; at < start + GROUP; at++) if (values[at] !== values[start]) return false
  return true
}

function writeRun(out: ByteSink, value: number, length: number, bits: number): void {
  out.varint(length * 2)
  for (let shift = 0; shift < bits; shift += 8) out.byte((value >>> shift) & 0xff)
}

/** Packs values from `start` to before `end`; those from `count` on are zero. */
function writePacked(
  out: ByteSink,
  values: ArrayLike<number>,
  start: number,
  end: number,
  count: number,
  bits: number,
): void {
  out.varint(((end - start) / GROUP) * 2 + 1)
  let waiting = 0
  let held = 0
  for (let at = start; at < end; at++) {
    if (at < count) held |= (values[at] as number) << waiting
    waiting += bits
    while (waiting >= 8) {
      out.byte(held & 0xff)
      held >>>= 8
      waiting -= 8
    }
  }
}
