import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measured, Results } from '../results.ts'
import { summary, type Variant } from '../summary.ts'

const measured = (rate: number): Measured => ({
  rate,
  seconds: 2,
  cpuPerMillion: 1000 / rate,
  peak: 50e6,
})

const resultsOf = (rate: number, latency: number): Results => ({
  snapshot: measured(rate),
  live: measured(rate),
  catchUp: measured(2 * rate),
  latency: { median: latency, p99: 2 * latency },
  latencyOfShortPolls: { median: latency, p99: 2 * latency },
  recordBytes: 668,
})

const variant = (more: Partial<Variant> = {}): Variant => ({
  schemas: false,
  results: new Map([
    ['Java 4.3.1', [resultsOf(1000, 100)]],
    ['Headrace', [resultsOf(4000, 10), resultsOf(5000, 20), resultsOf(6000, 30)]],
  ]),
  bare: [8000, 10_000],
  ...more,
})

const lineOf = (text: string, start: string): string =>
  text.split('\n').find((line) => line.startsWith(`| ${start}`)) ?? ''

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(2, -1)
    .map((text) => text.trim())

test('both workers are compared, and the rates are related to that of a bare producer', () => {
  const text = summary([variant()])
  assert.match(
    text,
    /^JSON without schemas, records of 668 bytes; a bare producer sends 8,000 \(8,000–10,000\) records/,
  )
  assert.deepEqual(cellsOf(lineOf(text, '  ')), ['Java 4.3.1', 'Headrace', 'ratio', 'of a bare producer'])
  assert.deepEqual(cellsOf(lineOf(text, 'snapshot: records/s')), [
    '1,000',
    '5,000 (4,000–6,000)',
    '5.0 ×',
    '0.63',
  ])
  assert.deepEqual(cellsOf(lineOf(text, 'latency: median, ms')), ['100', '20.0 (10.0–30.0)', '5.0 ×', ''])
})

test('a worker that was not measured has no column', () => {
  const only = new Map([['Headrace', [resultsOf(4000, 10)]]] as const)
  const text = summary([variant({ results: only })])
  assert.deepEqual(cellsOf(lineOf(text, 'catch-up: records/s')), ['8,000', '1.00'])
  assert.ok(!text.includes('Java') && !text.includes('NaN'))
})

test('each kind of converters has its table', () => {
  const text = summary([variant(), variant({ schemas: true })])
  assert.deepEqual(text.match(/JSON with(?:out)? schemas/g), ['JSON without schemas', 'JSON with schemas'])
})
