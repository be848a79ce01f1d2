import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Comparison } from '../comparison.ts'

const measured = (rate: number) => ({ rate, cpuPerMillion: 10, peak: 200e6 })

test('the share is that of each round: its median and its range', () => {
  const reports: string[] = []
  const comparison = new Comparison((text) => reports.push(text))
  for (const [bare, headrace] of [
    [1000, 900],
    [2000, 2400],
    [4000, 4000],
  ] as const) {
    comparison.add('topic → index', { bare: measured(bare), headrace: measured(headrace) })
  }
  assert.equal(reports[0], '  topic → index: 900 of 1,000 records/s, a share of 0.90')
  const lines = comparison.table(500).split('\n')
  assert.match(lines[2] ?? '', /topic → index: records\/s .* 1\.00 \(0\.90–1\.20\) +\|$/)
  assert.match(lines[3] ?? '', /MB\/s of JSON +\| 1\.00 \(0\.50–2\.00\) +\| 1\.20 /)
})
