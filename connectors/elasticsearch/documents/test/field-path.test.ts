import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoxedInteger, INT64, map, primitive, STRING, struct, type Schema } from '../../../../api/index.ts'
import { fieldText } from '../field-path.ts'
import { sinkRecord } from './records.ts'

const read = (path: string, value: unknown, valueSchema: Schema | null = null): string =>
  fieldText(path, 'the test')(sinkRecord({ value, valueSchema }))

test('a path leads through structs, maps and objects', () => {
  assert.equal(read('a', { a: 'x' }), 'x')
  assert.equal(read('a.b.c', { a: new Map([['b', { c: 5 }]]) }), '5')
  const schema = struct({ a: map(STRING, struct({ c: INT64 })) })
  assert.equal(read('a.b.c', { a: new Map([['b', { c: 2n ** 60n }]]) }, schema), String(2n ** 60n))
})

test('a field whose name has dots comes first', () => {
  assert.equal(read('a.b', { 'a.b': 1, 'a': { b: 2 } }), '1')
  assert.equal(read('a.b.c', { a: { 'b.c': 3 } }), '3')
})

test('the default of a field replaces a null', () => {
  const schema = struct({ a: struct({ country: primitive('string', { defaultValue: 'nl' }) }) })
  assert.equal(read('a.country', { a: { country: null } }, schema), 'nl')
})

test('strings, integers and booleans are read, and nothing else', () => {
  assert.equal(read('a', { a: true }), 'true')
  assert.equal(read('a', { a: new BoxedInteger('int32', 3) }), '3')
  const fault = (message: RegExp) => ({ code: 'HR_DATA_INVALID', message })
  for (const a of [1.5, [1], {}, new Date(0)]) {
    assert.throws(() => read('a', { a }), fault(/'a' for the test is not a string, an integer or a boolean/))
  }
  assert.throws(() => read('a', { a: '' }), fault(/is empty/))
  for (const value of [{}, { a: null }, 'text', null, [1]]) {
    assert.throws(() => read('a', value), fault(/is missing or null/))
  }
  assert.throws(() => read('constructor', {}), fault(/is missing or null/))
})
