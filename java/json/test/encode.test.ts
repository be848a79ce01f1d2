import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal, decimalSchema, INT32, makeSchema, map, STRING, struct } from '../../../api/index.ts'
import { JsonEncoderCache } from '../encode.ts'

const encoders = new JsonEncoderCache({ decimals: 'numeric', replaceNullWithDefault: true })

test('an encoder is compiled once per schema', () => {
  const schema = struct({ id: INT32 })
  assert.equal(encoders.of(schema), encoders.of(schema))
  assert.equal(encoders.of(schema)({ id: 1 }), '{"id":1}')
})

test('maps with text keys are objects, and others arrays of pairs', () => {
  assert.equal(encoders.of(map(STRING, INT32))(new Map([['a', 1]])), '{"a":1}')
  assert.equal(encoders.of(map(INT32, STRING))(new Map([[1, 'a']])), '[[1,"a"]]')
})

test('a value that does not match its schema is refused', () => {
  for (const [schema, value] of [
    [INT32, 'a'],
    [struct({ id: INT32 }), []],
    [decimalSchema(2), 1.5],
    [makeSchema({ type: 'string' }), null],
  ] as const) {
    assert.throws(() => encoders.of(schema)(value), { code: 'HR_DATA_INVALID' })
  }
})

test('decimals are numbers or base64 of their bytes', () => {
  const value = new Decimal(1250n, 2)
  assert.equal(encoders.of(decimalSchema(2))(value), '12.50')
  const base64 = new JsonEncoderCache({ decimals: 'base64', replaceNullWithDefault: true })
  assert.equal(base64.of(decimalSchema(2))(value), '"BOI="')
})
