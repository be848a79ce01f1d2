import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readWait } from '../waiting.ts'

for (const [given, ms] of [
  [undefined, 0],
  ['', 0],
  ['500ms', 500],
  ['10s', 10_000],
  ['7', 7000],
  [['2', '3'], 2000],
] as const) {
  test(`wait=${String(given)} waits ${ms} ms`, () => {
    assert.equal(readWait(given), ms)
  })
}

for (const given of ['61s', '-1', '1m', '1e3', 'x'.repeat(1000)]) {
  test(`wait=${given.slice(0, 10)} is rejected`, () => {
    assert.throws(() => readWait(given), { code: 'HR_BAD_REQUEST' })
  })
}
