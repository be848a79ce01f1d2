import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutNulls, withPrefix } from '../selected-props.ts'

test('withPrefix removes the prefix', () => {
  assert.deepEqual(withPrefix({ 'a.b': '1', 'a.c.d': null, 'ab': '3', 'a.': '4' }, 'a.'), {
    'b': '1',
    'c.d': null,
    '': '4',
  })
})

test('withoutNulls removes settings whose value is null', () => {
  assert.deepEqual(withoutNulls({ a: '1', b: null, c: '' }), { a: '1', c: '' })
})
