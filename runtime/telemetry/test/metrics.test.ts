import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineMetrics, metricFields, newMetricValues, totalFields, type Metric } from '../metric-values.ts'
import { batchMetrics, errorMetrics, recordMetrics } from '../metrics.ts'

const all: readonly Metric[] = [recordMetrics, batchMetrics, errorMetrics].flatMap((table) =>
  Object.values(table),
)

const some = defineMetrics({
  recordsIn: { name: 'records_in', kind: 'counter', unit: 'records', doc: 'Read', java: null },
  lag: { name: 'lag', kind: 'gauge', unit: 'records', doc: 'Left', java: null, nullable: true },
})

test('values begin at 0, and at null where they may be unknown', () => {
  assert.deepEqual(newMetricValues(some), { recordsIn: 0, lag: null })
})

test('fields have the names of the REST API, and the initial values without a snapshot', () => {
  assert.deepEqual(metricFields(some, { recordsIn: 3, lag: 2 }), { records_in: 3, lag: 2 })
  assert.deepEqual(metricFields(some, undefined), { records_in: 0, lag: null })
})

test('a total leaves out unknown values, and is unknown if all values are', () => {
  const known = { records_in: 1, lag: 4 }
  const unknown = { records_in: 2, lag: null }

  assert.deepEqual(totalFields(some, [known, unknown, known]), { records_in: 4, lag: 8 })
  assert.deepEqual(totalFields(some, [unknown, unknown]), { records_in: 4, lag: null })
  assert.deepEqual(totalFields(some, []), { records_in: 0, lag: null })
})

test('no two metrics have the same name', () => {
  const names = all.map(({ name }) => name)
  assert.deepEqual([...new Set(names)], names)
})

/** The name that Prometheus would use, from Kafka Connect's attribute if there is one. */
function prometheusName({ name, kind, java }: Metric, task: 'source' | 'sink'): string {
  const attribute = java === null || typeof java === 'string' ? java : java[task]
  const base = (attribute ?? name).replaceAll('-', '_').replace(/^total_|_total$/, '')
  return `headrace_task_${base}${kind === 'counter' ? '_total' : ''}`
}

test('every metric has a valid and unique name for Prometheus', () => {
  for (const task of ['source', 'sink'] as const) {
    const names = all.map((metric) => prometheusName(metric, task))
    assert.deepEqual([...new Set(names)], names)
    for (const name of names) assert.match(name, /^[a-z]+(?:_[a-z]+)*$/)
    assert.ok(
      names.includes(`headrace_task_${task === 'source' ? 'source_record_poll' : 'sink_record_read'}_total`),
    )
  }
})
