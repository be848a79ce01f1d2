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
import { begin, commit, int32, logicalMessage, origin, relation, truncate, tuple } from './message-bytes.ts'

test('a begin has the LSN of the commit, its time since 1970 and the transaction id', () => {
  assert.deepEqual(readBegin(begin(0xffff_ffff, 0x1_0000_0010, 1_000_000), 1), {
    finalLsn: 0x1_0000_0010,
    commitTimeUs: 946_684_801_000_000,
    xid: 0xffff_ffff,
  })
})

test('a begin before 2000 has a time before that', () => {
  assert.equal(readBegin(begin(1, 1, -5), 1).commitTimeUs, 946_684_799_999_995)
})

test('a commit ends after its record', () => {
  assert.equal(readCommitEnd(commit(48), 1), 48)
})

test('an origin has a name', () => {
  assert.deepEqual(readOrigin(origin(7, 'emea'), 1), { lsn: 7, name: 'emea' })
})

test('a relation has the names and types of its columns, and tells which are its replica identity', () => {
  const bytes = Buffer.concat([
    Buffer.from('xx'),
    relation(16_385, 'Öl', 't', [
      ['id', 23, -1],
      ['größe', 1043, 68, 0],
    ]),
  ])
  assert.deepEqual(readRelation(bytes, 3), {
    oid: 16_385,
    schema: 'Öl',
    table: 't',
    replicaIdentity: 'd',
    columns: [
      { name: 'id', typeOid: 23, typmod: -1, isIdentity: true },
      { name: 'größe', typeOid: 1043, typmod: 68, isIdentity: false },
    ],
  })
})

test('a relation without a schema name is one of pg_catalog', () => {
  assert.equal(readRelation(relation(1, '', 't', []), 1).schema, 'pg_catalog')
})

test('a truncate lists its tables', () => {
  assert.deepEqual(readTruncate(truncate([5, 6]), 1), [5, 6])
})

test('a logical message has a prefix and bytes', () => {
  const bytes = Buffer.concat([logicalMessage(true, 9, 'audit', 'abc'), Buffer.from('d')])
  assert.deepEqual(readLogicalMessage(bytes, 1), {
    transactional: true,
    lsn: 9,
    prefix: 'audit',
    content: Buffer.from('abc'),
  })
})

test('a tuple gives the byte range of each value, and which are null or unchanged', () => {
  const bytes = Buffer.concat([Buffer.from('N'), tuple(['12', null, undefined, ''])])
  const row = createRow(5)
  assert.equal(readTuple(bytes, 1, row), bytes.length)
  assert.equal(row.count, 4)
  assert.deepEqual([...row.starts.subarray(0, 4)], [8, NULL_CELL, UNCHANGED_CELL, 17])
  assert.equal(row.bytes.toString('utf8', row.starts[0], row.ends[0]), '12')
  assert.equal(row.ends[3], 17)
})

test('a tuple with more columns than its table is refused', () => {
  assert.throws(() => readTuple(tuple(['1', '2']), 0, createRow(1)), /found 2 columns, expected 1/)
})

test('a binary value is refused with the setting that causes it', () => {
  const binary = Buffer.concat([Buffer.from([0, 1]), Buffer.from('b'), int32(0)])
  assert.throws(() => readTuple(binary, 0, createRow(1)), /slot\.stream\.params/)
})
