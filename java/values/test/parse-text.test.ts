import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoxedInteger, Float32 } from '../../../api/numbers/index.ts'
import { parseValueText } from '../parse-text.ts'

test('numbers in nested lists keep their types if the last list has another type', () => {
  assert.deepEqual(parseValueText('[[1],[200]]').value, [[new BoxedInteger('int8', 1)], [200]])
  assert.deepEqual(parseValueText('[[1.5],["a"]]').value, [[new Float32(1.5)], ['a']])
  assert.deepEqual(parseValueText('[{"a":1},{"b":1.5}]').value, [
    new Map([['a', new BoxedInteger('int8', 1)]]),
    new Map([['b', 1.5]]),
  ])
  assert.deepEqual(parseValueText('[1,200]').value, [1, 200])
})

test('a map has each key once, including dates and lists', () => {
  assert.deepEqual(
    parseValueText('{2019-08-23:1,2019-08-23:2}').value,
    new Map([[new Date(Date.UTC(2019, 7, 23)), 2]]),
  )
  assert.deepEqual(parseValueText('{[1]:1,[1]:2}').value, new Map([[[1], 2]]))
})
