import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OPTIONAL_FLOAT64, OPTIONAL_INT32, OPTIONAL_INT64, type Schema } from '../../../api/index.ts'
import { expandedJson } from '../outbox-json.ts'

function expand(text: string): { schema: Schema; value: unknown } {
  const result = expandedJson(text, 'payload', 'ignore')
  assert.ok(typeof result !== 'string', String(result))
  return result as { schema: Schema; value: unknown }
}

test('fields keep their order in the JSON, including fields with integer names', () => {
  const { schema, value } = expand('{"b":"\\"9\\":","9":{"2":1,"1":2},"_a":3}')

  assert.deepEqual(
    schema.fields.map(({ name }) => name),
    ['b', '9', '_a'],
  )
  assert.deepEqual(
    schema.field('9')?.schema.fields.map(({ name }) => name),
    ['2', '1'],
  )
  assert.deepEqual(value, { 'b': '"9":', '9': { '2': 1, '1': 2 }, '_a': 3 })
})

test('integers beyond 32 bits become int64, and beyond 64 bits float64', () => {
  const { schema, value } = expand('{"a":1,"b":5000000000,"c":99999999999999999999}')

  assert.deepEqual(
    schema.fields.map((field) => field.schema),
    [OPTIONAL_INT32, OPTIONAL_INT64, OPTIONAL_FLOAT64],
  )
  assert.deepEqual(value, { a: 1, b: 5_000_000_000, c: 1e20 })
})

test('objects of an array are merged into one schema, unless a field has different types', () => {
  const { schema, value } = expand('[{"a":1},{"b":{"x":"y"}},{"a":null}]')

  assert.deepEqual(
    schema.valueSchema?.fields.map(({ name }) => name),
    ['a', 'b'],
  )
  assert.deepEqual(value, [
    { a: 1, b: null },
    { a: null, b: { x: 'y' } },
    { a: null, b: null },
  ])
  for (const text of ['[{"a":1},{"a":"x"}]', '[{"a":[1]},{"a":["x"]}]', '[{"a":{"x":1}},{"a":{"x":true}}]']) {
    assert.match(
      String(expandedJson(text, 'payload', 'ignore')),
      /Field a has different types in the objects of an array/,
    )
  }
})

test('JSON with an empty field name or an array of different types is not expanded', () => {
  assert.equal(typeof expandedJson('{"":1}', 'payload', 'ignore'), 'string')
  assert.equal(typeof expandedJson('[1,2.5]', 'payload', 'ignore'), 'string')
})
