import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateSchema, type ConnectError } from '../../../api/index.ts'
import { casterOf } from '../cast-value.ts'

test('a non-date value in a date field casts to a string, but not to a number', () => {
  const schema = dateSchema()
  assert.equal(casterOf(schema, 'int8')(new Date(86_400_000)), 1)
  assert.throws(
    () => casterOf(schema, 'int8')('5'),
    (error: ConnectError) => error.code === 'HR_DATA_INVALID',
  )
  assert.equal(casterOf(schema, 'string')('5'), '5')
})
