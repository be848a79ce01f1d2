import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Float64 } from '../../../api/index.ts'
import { JsonNumber, parseJson } from '../index.ts'

test('a top-level number must be followed by whitespace', () => {
  assert.equal(parseJson('1 x'), 1)
  assert.equal(parseJson('1\n'), 1)
  assert.throws(() => parseJson('1,2'))
  assert.throws(() => parseJson('1]'))
})

test('integers beyond 64 bits wrap, or keep their text if configured', () => {
  assert.deepEqual(parseJson('[9223372036854775808]'), [-(2n ** 63n)])
  assert.deepEqual(parseJson('[9223372036854775808, 9223372036854775807]', { longIntegers: 'exact' }), [
    new JsonNumber('9223372036854775808'),
    2n ** 63n - 1n,
  ])
})

test('integers beyond 64 bits become the nearest double if configured', () => {
  assert.deepEqual(parseJson('[9223372036854775808,100000000000000000000,1]', { longIntegers: 'double' }), [
    2 ** 63,
    1e20,
    1,
  ])
})

test('a float that is integral stays a float, wherever it is', () => {
  for (const text of ['1.0', '1e0', '10E-1', '1.00', '1.0e0', '1.00000000000000000001', '0.1e1']) {
    const float = new Float64(1)
    assert.deepEqual(parseJson(text), float)
    assert.deepEqual(parseJson(`[${text},1]`), [float, 1])
    assert.deepEqual(parseJson(`{"a": ${text}}`), { a: float })
    assert.deepEqual(parseJson(`[2,\n${text}]`), [2, float])
  }
  assert.deepEqual(parseJson('[-1.0,1.05,1e-7]'), [new Float64(-1), 1.05, 1e-7])
})

test('letters in strings that look like floats change nothing', () => {
  const value = { id: '550e8400-e29b-41d4-a716-4e0665544000', version: 'v1.0', list: '[1.0,1e5]', n: 7 }
  assert.deepEqual(parseJson(JSON.stringify(value)), value)
})
