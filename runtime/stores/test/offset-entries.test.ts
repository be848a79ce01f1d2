import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offsetRecords } from '../offset-entries.ts'

test('offsets become the records of an offset topic; a null offset becomes a tombstone', () => {
  const records = offsetRecords('c', [
    [{ file: 'a' }, { position: 3 }],
    [{ file: 'b' }, null],
  ])
  assert.deepEqual(records, [
    { key: '["c",{"file":"a"}]', value: '{"position":3}' },
    { key: '["c",{"file":"b"}]', value: null },
  ])
})

test('an offset that cannot be stored results in no records', () => {
  const nested = { at: { line: 1 } } as never
  assert.throws(() => offsetRecords('c', [[{ file: 'a' }, nested]]), { code: 'HR_DATA_INVALID' })
})
