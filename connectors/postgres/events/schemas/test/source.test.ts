import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headraceVersion, validateValue } from '../../../../../api/index.ts'
import { processingTime } from '../../processing-time.ts'
import { origin } from '../../test/fixtures.ts'
import { nanoseconds, sourceBlock, sourceSchema } from '../source.ts'

const table = { schema: 'public', table: 't' }
const time = processingTime(1_700_000_009_000_001)

test('the source block has the fields of its schema, in their order', () => {
  const block = sourceBlock('shop', 'shopdb')(origin, table, time)
  assert.deepEqual(block, {
    version: headraceVersion,
    connector: 'postgresql',
    name: 'shop',
    ts_ms: 1_700_000_000_123,
    snapshot: null,
    db: 'shopdb',
    sequence: '["100","200"]',
    ts_us: 1_700_000_000_123_456,
    ts_ns: 1_700_000_000_123_456_000n,
    schema: 'public',
    table: 't',
    txId: 756,
    lsn: 200,
    xmin: null,
    origin: null,
    origin_lsn: null,
  })
  assert.deepEqual(
    Object.keys(block),
    sourceSchema.fields.map(({ name }) => name),
  )
  validateValue(sourceSchema, block)
})

test('before the first commit the sequence begins with null', () => {
  const block = sourceBlock('shop', 'shopdb')({ ...origin, lastCommitLsn: null }, table, time)
  assert.equal(block['sequence'], '[null,"200"]')
})

test('rows of an incremental snapshot have no transaction and no position', () => {
  const source = sourceBlock('shop', 'shopdb')
  const { snapshot, txId, lsn, sequence } = source({ ...origin, marker: 'incremental' }, table, time)
  assert.deepEqual([snapshot, txId, lsn, sequence], ['incremental', null, null, '["100","200"]'])
})

test('an event without a commit time has the current time', () => {
  const source = sourceBlock('shop', 'shopdb')
  source(origin, table, time)
  const { ts_ms, ts_us, ts_ns } = source({ ...origin, timeUs: null }, table, time)
  assert.deepEqual(
    [ts_ms, ts_us, ts_ns],
    [1_700_000_009_000, 1_700_000_009_000_001, 1_700_000_009_000_001_000n],
  )
})

test('nanoseconds are a number as long as they are exact', () => {
  assert.equal(nanoseconds(5), 5000)
  assert.equal(nanoseconds(-5), -5000)
  assert.equal(nanoseconds(1_700_000_000_000_000), 1_700_000_000_000_000_000n)
})
