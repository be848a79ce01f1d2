import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SkipMarks } from '../skip-marks.ts'

test('records up to the mark of their directory are skipped', () => {
  const marks = new SkipMarks()
  marks.add(5, new Map([['a', 9]]))
  assert.deepEqual([marks.skips('a', 9), marks.skips('a', 10), marks.skips('b', 6)], [true, false, false])
})

test('no position inside the marks is safe; behind them they are forgotten', () => {
  const marks = new SkipMarks()
  marks.add(5, new Map([['a', 9]]))
  marks.add(7, new Map([['b', 12]]))
  assert.deepEqual([marks.safe(6), marks.safe(10), marks.safe(12), marks.any], [5, 5, 5, true])
  assert.equal(marks.safe(13), 13)
  assert.equal(marks.any, false)
  assert.equal(marks.safe(3), 3)
})

test('a mark is never moved back', () => {
  const marks = new SkipMarks()
  marks.add(0, new Map([['a', 9]]))
  marks.add(0, new Map([['a', 4]]))
  assert.equal(marks.skips('a', 9), true)
})

test('marks that the next rotation is behind are forgotten, so that a chain of kept objects makes progress', () => {
  const marks = new SkipMarks()
  marks.add(0, new Map([['a', 9]]))
  marks.add(10, new Map([['a', 19]]))
  assert.equal(marks.safe(10), 10)
  assert.equal(marks.skips('a', 19), true)
})
