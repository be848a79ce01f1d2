import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_CELL, UNCHANGED_CELL } from '../../ports.ts'
import {
  readBegin,
  readCommitEnd,
  readLogicalMessage,
  readOrigin,
  readRelation,
  readTruncate,
} from '../messages.ts'
import { createRow, readTuple } from '../tuples.ts'

const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}
const text = (value: string) => Buffer.from(`${value}\0`)
const of = (...parts: readonly Buffer[]) => Buffer.concat(parts)
const cell = (value: string) => of(Buffer.from('t'), int32(Buffer.byteLength(value)), Buffer.from(value))

test('a begin has the LSN of the commit, its time since 1970 and the transaction id', () => {
  const bytes = of(int64(0x1_0000_0010n), int64(1_000_000n), int32(-1))
  assert.deepEqual(readBegin(bytes, 0), {
    finalLsn: 0x1_0000_0010,
    commitTimeUs: 946_684_801_000_000,
    xid: 0xffff_ffff,
  })
})

test('a begin before 2000 has a time before that', () => {
  assert.equal(readBegin(of(int64(1n), int64(-5n), int32(1)), 0).commitTimeUs, 946_684_799_999_995)
})

test('a commit ends after its record', () => {
  assert.equal(readCommitEnd(of(Buffer.from([0]), int64(16n), int64(48n), int64(0n)), 0), 48)
})

test('an origin has a name', () => {
  assert.deepEqual(readOrigin(of(int64(7n), text('emea')), 0), { lsn: 7, name: 'emea' })
})

test('a relation has the names and types of its columns', () => {
  const column = (name: string, oid: number, typmod: number) =>
    of(Buffer.from([1]), text(name), int32(oid), int32(typmod))
  const bytes = of(
    Buffer.from('xx'),
    int32(16_385),
    text('Öl'),
    text('t'),
    Buffer.from('d'),
    int16(2),
    column('id', 23, -1),
    column('größe', 1043, 68),
  )
  assert.deepEqual(readRelation(bytes, 2), {
    oid: 16_385,
    schema: 'Öl',
    table: 't',
    columns: [
      { name: 'id', typeOid: 23, typmod: -1 },
      { name: 'größe', typeOid: 1043, typmod: 68 },
    ],
  })
})

test('a relation without a schema name is one of pg_catalog', () => {
  assert.equal(
    readRelation(of(int32(1), text(''), text('t'), Buffer.from('d'), int16(0)), 0).schema,
    'pg_catalog',
  )
})

test('a truncate lists its tables', () => {
  assert.deepEqual(readTruncate(of(int32(2), Buffer.from([1]), int32(5), int32(6)), 0), [5, 6])
})

test('a logical message has a prefix and bytes', () => {
  const bytes = of(Buffer.from([1]), int64(9n), text('audit'), int32(3), Buffer.from('abcd'))
  assert.deepEqual(readLogicalMessage(bytes, 0), {
    transactional: true,
    lsn: 9,
    prefix: 'audit',
    content: Buffer.from('abc'),
  })
})

test('a tuple gives the byte range of each value, and which are null or unchanged', () => {
  const bytes = of(Buffer.from('N'), int16(4), cell('12'), Buffer.from('n'), Buffer.from('u'), cell(''))
  const row = createRow(5)
  assert.equal(readTuple(bytes, 1, row), bytes.length)
  assert.equal(row.count, 4)
  assert.deepEqual([...row.starts.subarray(0, 4)], [8, NULL_CELL, UNCHANGED_CELL, 17])
  assert.equal(row.bytes.toString('utf8', row.starts[0], row.ends[0]), '12')
  assert.equal(row.ends[3], 17)
})

test('a tuple with more columns than its table is refused', () => {
  assert.throws(
    () => readTuple(of(int16(2), cell('1'), cell('2')), 0, createRow(1)),
    /found 2 columns, expected 1/,
  )
})

test('a binary value is refused with the setting that causes it', () => {
  assert.throws(
    () => readTuple(of(int16(1), Buffer.from('b'), int32(0)), 0, createRow(1)),
    /slot\.stream\.params/,
  )
})
