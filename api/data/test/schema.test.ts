import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT32, makeSchema, OPTIONAL_INT32, struct, withAttributes } from '../index.ts'

test('a schema that is derived from another one is the same object as an equal schema', () => {
  assert.equal(withAttributes(INT32, { optional: true }), OPTIONAL_INT32)
  assert.equal(withAttributes(OPTIONAL_INT32, { optional: false }), INT32)
  assert.equal(makeSchema({ type: 'struct' }), struct([]))
})

test('structs are different schemas if their fields have another order', () => {
  const fields = [['a', INT32] as const, ['b', INT32] as const]
  assert.equal(struct(fields), struct(fields))
  assert.notEqual(struct(fields), struct(fields.toReversed()))
})
