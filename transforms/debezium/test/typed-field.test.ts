import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateSchema, INT32, makeSchema, STRING, struct } from '../../../api/index.ts'
import { fieldOf, typedField } from '../typed-field.ts'

const withDefault = makeSchema({ type: 'string', optional: true, defaultValue: 'none' })
const schema = struct({ name: withDefault, count: INT32, day: dateSchema(), text: STRING })
const row = { schema, value: { name: null, count: 3, day: new Date(0), text: 't' } }

test('fieldOf applies the default of a field, typedField does not', () => {
  assert.deepEqual(fieldOf(row, 'name'), { schema: withDefault, value: 'none' })
  assert.equal(typedField(row, 'name', 'string'), null)
  assert.equal(typedField(row, 'count', 'int32'), 3)
})

test('the error for a field that is unknown, has another type or is a date names the field', () => {
  assert.throws(() => fieldOf(row, 'nope'), {
    code: 'HR_DATA_INVALID',
    message: /^nope is not a valid field/,
  })
  assert.throws(() => typedField(row, 'text', 'int64'), /Field 'text' is not of type INT64/)
  assert.throws(() => typedField(row, 'day', 'int32'), /Field 'day' is not of type INT32/)
})
