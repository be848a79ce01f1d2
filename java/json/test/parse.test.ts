import assert from 'node:assert/strict'
import { test } from 'node:test'
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
