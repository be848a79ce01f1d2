import assert from 'node:assert/strict'
import { mock, test, type TestContext } from 'node:test'
import type { LogFields, TaskProgress } from '../../../../api/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { ProgressReports } from '../progress-reports.ts'

function start(t: TestContext) {
  mock.timers.enable({ apis: ['Date'] })
  t.after(() => mock.timers.reset())
  const lines: (LogFields | undefined)[] = []
  const metrics = newTaskMetrics()
  const log = { ...silentLogger, info: (_message: string, fields?: LogFields) => void lines.push(fields) }
  return { reports: new ProgressReports(metrics, log), metrics, lines }
}

test('the last report is kept until the task reports null', (t) => {
  const { reports, metrics } = start(t)
  reports.report({ phase: 'snapshot', done: 1, total: null })
  reports.report({ phase: 'snapshot', done: 2, total: 10, detail: 'table a' })
  assert.deepEqual(metrics.progress, { phase: 'snapshot', done: 2, total: 10, detail: 'table a' })

  reports.report(null)
  assert.equal(metrics.progress, null)
})

test('a new phase is logged immediately, and a long phase every 30 seconds', (t) => {
  const { reports, lines } = start(t)
  const report = (phase: string, done: number) => reports.report({ phase, done, total: null })
  const done = () => lines.map((fields) => `${String(fields?.['phase'])} ${String(fields?.['done'])}`)

  report('snapshot', 1)
  report('snapshot', 2)
  mock.timers.tick(29_999)
  report('snapshot', 3)
  mock.timers.tick(1)
  report('snapshot', 4)
  report('snapshot', 5)
  report('streaming', 0)
  reports.report(null)
  report('streaming', 1)

  assert.deepEqual(done(), ['snapshot 1', 'snapshot 4', 'streaming 0', 'streaming 1'])
})

test('long texts are truncated', (t) => {
  const { reports, metrics } = start(t)
  reports.report({ phase: 'p'.repeat(101), done: 0, total: null, detail: 'd'.repeat(1000) })

  assert.deepEqual([metrics.progress?.phase.length, metrics.progress?.detail?.length], [100, 500])
  assert.ok(metrics.progress?.detail?.endsWith('d…'))
})

test('an invalid report is rejected, and the last one is kept', (t) => {
  const { reports, metrics } = start(t)
  const good: TaskProgress = { phase: 'snapshot', done: 1, total: null }
  reports.report(good)
  for (const change of [
    { phase: '' },
    { done: -1 },
    { done: Number.NaN },
    { total: Infinity },
    { detail: 1 as unknown as string },
  ]) {
    const key = Object.keys(change)[0] ?? ''
    const refusal = { code: 'HR_ILLEGAL_ARGUMENT', message: new RegExp(`progress: ${key} is .*expected`) }
    assert.throws(() => reports.report({ ...good, ...change }), refusal)
  }
  assert.deepEqual(metrics.progress, good)
})
