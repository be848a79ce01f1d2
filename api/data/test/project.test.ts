import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  decimalSchema,
  FLOAT32,
  INT16,
  INT32,
  INT64,
  INT8,
  map,
  OPTIONAL_INT32,
  OPTIONAL_STRING,
  primitive,
  projectionOf,
  STRING,
  struct,
} from '../../index.ts'

const refused = (message: RegExp) => ({ code: 'HR_PROJECTION_FAILED', message })

test('numbers are widened, but never narrowed', () => {
  assert.equal(projectionOf(INT8, INT64)(5), 5)
  assert.equal(projectionOf(INT64, FLOAT32)(16777217), 16777216)
  assert.throws(() => projectionOf(INT64, INT32), refused(/source type: INT64 and target type: INT32/))
})

test('fields are matched by name: extra fields are dropped, missing fields take their defaults', () => {
  const target = struct({ a: INT64, b: OPTIONAL_STRING, c: primitive('int32', { defaultValue: 7 }) })

  const projected = projectionOf(struct({ gone: STRING, a: INT16 }), target)({ gone: 'x', a: 1 })
  assert.deepEqual(projected, { a: 1, b: null, c: 7 })
  assert.throws(
    () => projectionOf(struct({ b: STRING }), target),
    refused(/Required field `a` is missing from source schema: Schema\{STRUCT\}/),
  )
})

test('an optional value needs a default if the target is required', () => {
  const target = primitive('int32', { defaultValue: 3 })

  assert.equal(projectionOf(OPTIONAL_INT32, target)(null), 3)
  assert.throws(() => projectionOf(OPTIONAL_INT32, INT32), refused(/does not provide a default value/))
})

test('lists and maps are projected element by element', () => {
  assert.deepEqual(projectionOf(array(INT8), array(INT32))([1, 2]), [1, 2])
  const counts = projectionOf(map(STRING, INT8), map(STRING, FLOAT32))(new Map([['a', 1]]))
  assert.deepEqual(counts, new Map([['a', 1]]))
})

test('names and parameters must be equal', () => {
  assert.throws(() => projectionOf(decimalSchema(1), decimalSchema(2)), refused(/parameters not equal/))
  assert.throws(
    () => projectionOf(struct({}, { name: 'a' }), struct({}, { name: 'b' })),
    refused(/name mismatch/),
  )
})

test('an error in a nested field names the path to the field', () => {
  const [source, target] = [struct({ in: struct({ x: STRING }) }), struct({ in: struct({ x: INT32 }) })]

  assert.throws(() => projectionOf(source, target), refused(/^Error projecting in: Error projecting x: /))
})

test('another rule for parameters applies at every depth, and does not change the usual one', () => {
  const source = array(primitive('string', { parameters: { a: '1' } }))
  const target = array(primitive('string', { parameters: { a: '2' } }))

  assert.deepEqual(projectionOf(source, target, () => true)(['x']), ['x'])
  assert.throws(() => projectionOf(source, target), refused(/Schema parameters not equal/))
})
