import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationText, named, run, runNow, sizeText } from '../texts.ts'

const many = Array.from({ length: 23 }, (_, index) => `t${index}`)

test('a finding names at most 20 objects, and says how many more there are', () => {
  assert.equal(named(['a', 'b']), 'a, b')
  assert.match(named(many), /^t0, .*t19 and 3 more$/)
})

test('the statements are the end of a remedy', () => {
  assert.equal(run('SELECT 1', 'SELECT 2'), 'run: SELECT 1; SELECT 2;')
  assert.equal(runNow('SELECT 1'), 'Run: SELECT 1;')
  assert.match(run(...many), /^run for each of the 23 objects, such as: t0; .*t19;$/)
})

test('sizes and durations are short', () => {
  assert.deepEqual([0, 9999, 64 * 1024 ** 2, 3 * 1024 ** 4].map(sizeText), [
    '0 bytes',
    '9999 bytes',
    '64 MB',
    '3072 GB',
  ])
  assert.deepEqual([1000, 119_000, 600_000, 86_400_000].map(durationText), ['1 s', '119 s', '10 min', '24 h'])
})
