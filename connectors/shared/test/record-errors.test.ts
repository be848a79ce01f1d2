import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../api/index.ts'
import { sinkRecord } from '../../../testing/index.ts'
import { isOfRecord, placeOf, unwritable } from '../record-errors.ts'

const record = sinkRecord({ topic: 'orders', partition: 2, offset: 7 })

test('errors of data and schemas are those of a record, others are not', () => {
  for (const code of ['HR_DATA_INVALID', 'HR_SCHEMA_INVALID', 'HR_RECORD_TOO_LARGE'] as const)
    assert.equal(isOfRecord(new ConnectError(code, 'x')), true, code)
  for (const error of [
    new ConnectError('HR_CONNECT', 'x'),
    new ConnectError('HR_RETRIABLE', 'x'),
    new Error('x'),
  ])
    assert.equal(isOfRecord(error), false, String(error))
})

test('a record is named by its place in Kafka', () => {
  assert.equal(placeOf(record), 'offset 7 of orders-2')
})

test('the error of a record keeps the code, the class and the reason', () => {
  const cause = new ConnectError('HR_SCHEMA_INVALID', 'no schema', {
    javaClass: 'org.example.SchemaException',
  })
  const error = unwritable(record, cause)
  assert.equal(error.message, 'the record at offset 7 of orders-2 cannot be written: no schema')
  assert.deepEqual([error.code, error.javaClass, error.cause], [cause.code, cause.javaClass, cause])
})
