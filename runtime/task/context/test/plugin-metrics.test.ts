import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOST_METRICS, TaskPluginMetrics } from '../plugin-metrics.ts'

const about = { unit: 'records', doc: 'Rows that were read.' }
const illegal = { code: 'HR_ILLEGAL_ARGUMENT' }

test('counters start at 0 and add up, gauges start without a value and keep the last', () => {
  const metrics = new TaskPluginMetrics()
  const rows = metrics.counter('rows_read', about)
  const delay = metrics.gauge('delay', { unit: 'ms', doc: 'Time behind the server.' })
  const values = () => metrics.values().map(({ name, type, value }) => [name, type, value])
  assert.deepEqual(values(), [
    ['rows_read', 'counter', 0],
    ['delay', 'gauge', null],
  ])

  rows.add()
  rows.add(4)
  delay.set(12.5)
  delay.set(-3)
  assert.deepEqual(values(), [
    ['rows_read', 'counter', 5],
    ['delay', 'gauge', -3],
  ])
  delay.set(Number.NaN)
  assert.equal(metrics.values()[1]?.value, null)
})

test('a second call with the same name returns the same instrument', () => {
  const metrics = new TaskPluginMetrics()

  assert.equal(metrics.counter('rows', about), metrics.counter('rows', about))
  assert.equal(metrics.values().length, 1)
  assert.throws(() => metrics.gauge('rows', about), { ...illegal, message: /rows is a counter, not a gauge/ })
})

test('values returns the same array until something changes', () => {
  const metrics = new TaskPluginMetrics()
  const rows = metrics.counter('rows', about)
  const before = metrics.values()

  assert.equal(metrics.values(), before)
  rows.add()
  assert.notEqual(metrics.values(), before)
  assert.equal(before[0]?.value, 0)
})

test('invalid names, invalid counts and excess metrics are rejected, and long texts are truncated', () => {
  const metrics = new TaskPluginMetrics()
  for (const name of ['', 'Rows', 'rows-read', '1st', 'a'.repeat(65)]) {
    assert.throws(() => metrics.counter(name, about), illegal, name)
  }
  for (const count of [-1, Number.NaN, Infinity]) {
    assert.throws(() => metrics.counter('rows', about).add(count), illegal, String(count))
  }
  metrics.gauge('long', { unit: 'u'.repeat(100), doc: 'd'.repeat(1000) })
  const long = metrics.values().find(({ name }) => name === 'long')
  assert.deepEqual([long?.unit.length, long?.doc.length], [32, 200])

  for (let number = metrics.values().length; number < MOST_METRICS; number++)
    metrics.counter(`m${number}`, about)
  assert.throws(() => metrics.counter('one_more', about), { ...illegal, message: /at most 50 metrics/ })
  metrics.counter('rows', about).add()
})
