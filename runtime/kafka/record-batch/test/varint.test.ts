import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VarintCursor, varintSize, writeVarint, writeVarlong } from '../varint.ts'

const INT32 = [0, -1, 1, 63, -64, 64, 8191, -8192, 8192, 2 ** 20, -(2 ** 27), 2 ** 31 - 1, -(2 ** 31)]
const BEYOND_INT32 = [
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 40,
  -(2 ** 52),
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
]

test('a 32-bit number survives a round trip as a varint of the predicted size', () => {
  for (const value of INT32) {
    const bytes = Buffer.alloc(5)
    const end = writeVarint(bytes, 0, value)

    assert.equal(end, varintSize(value), String(value))
    assert.equal(new VarintCursor(bytes, 0).varint(), value)
  }
})

test('any safe integer survives a round trip as a varlong', () => {
  for (const value of [...INT32, ...BEYOND_INT32]) {
    const bytes = Buffer.alloc(10)
    const end = writeVarlong(bytes, 0, value)
    const cursor = new VarintCursor(bytes, 0)

    assert.equal(cursor.varlong(), value)
    assert.equal(cursor.at, end)
  }
})

test('numbers are zigzag-encoded, lowest seven bits first', () => {
  const bytes = Buffer.alloc(5)

  assert.deepEqual([...bytes.subarray(0, writeVarint(bytes, 0, -1))], [0x01])
  assert.deepEqual([...bytes.subarray(0, writeVarint(bytes, 0, 150))], [0xac, 0x02])
})
