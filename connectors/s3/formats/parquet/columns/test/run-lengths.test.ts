import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRunLengths } from '../../pages/run-lengths.ts'
import { ByteSink } from '../byte-sink.ts'
import { bitsFor, writeRunLengths } from '../run-lengths.ts'

function encoded(values: readonly number[], bits: number): Buffer {
  const out = new ByteSink()
  writeRunLengths(out, values, values.length, bits)
  return out.view()
}

test('a run of equal values is written once', () => {
  assert.deepEqual(
    [
      ...encoded(
        Array.from({ length: 100 }, () => 1),
        1,
      ),
    ],
    [0xc8, 0x01, 0x01],
  )
})

test('other values are packed in groups of eight, least significant bits first', () => {
  // The example of the format: the numbers 0 to 7 with three bits each.
  assert.deepEqual([...encoded([0, 1, 2, 3, 4, 5, 6, 7], 3)], [0x03, 0x88, 0xc6, 0xfa])
  assert.deepEqual([...encoded([1, 0, 1], 1)], [0x03, 0b101])
})

test('values of all widths come back, in runs and between them', () => {
  for (let bits = 0; bits <= 20; bits++) {
    const highest = 2 ** bits - 1
    for (const count of [1, 7, 8, 9, 64, 1000]) {
      const values = Array.from({ length: count }, (_, at) =>
        at % 50 < 20 ? highest : (at * 2_654_435_761) % (highest + 1),
      )
      const found = readRunLengths(Buffer.from(encoded(values, bits)), bits, new Uint32Array(count))
      assert.deepEqual([...found], values)
    }
  }
})

test('the number of bits is that of the highest value', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 255, 256].map(bitsFor), [0, 1, 2, 2, 3, 8, 9])
})
