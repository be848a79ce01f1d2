import assert from 'node:assert/strict'
import { test } from 'node:test'
import { steadyRate } from '../far-end.ts'

const samplesOf = (...counts: number[]) => counts.map((records, index) => ({ at: index * 500, records }))

test('the rate excludes the first and the last tenth of the records', () => {
  assert.equal(steadyRate(samplesOf(0, 1, 10, 30, 50, 70, 90, 91, 100), 100), 40)
})

test('records that arrive in steps are counted from step to step', () => {
  assert.equal(steadyRate(samplesOf(0, 0, 30, 30, 60, 60, 60, 100), 100), 30)
})

test('two steps are enough even if the second one is the last', () => {
  assert.equal(steadyRate(samplesOf(0, 0, 40, 40, 100), 100), 60)
})

test('a single step has no rate', () => {
  assert.equal(steadyRate(samplesOf(0, 0, 100), 100), NaN)
})
