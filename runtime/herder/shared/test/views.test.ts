import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PluginCatalog } from '../../../plugins/index.ts'
import { MemoryStatusStore } from '../../../stores/index.ts'
import { StatusReporter } from '../status-reporter.ts'
import { Views } from '../views.ts'
import { workerListener } from '../worker-listener.ts'
import { storedConnector } from './stored.ts'

const id = { connector: 'c', task: 0 }

async function open({ trackTopics = true, committed = true } = {}) {
  const statuses = new MemoryStatusStore()
  const configs = await storedConnector({ 'connector.class': 'Lines' }, [{ n: '0' }])
  const catalog = new PluginCatalog([{ className: 'Lines', kind: 'source', version: '1' }])
  const reporter = new StatusReporter(statuses, 'w:1', () => 3)
  const renewals = { schedule: () => {}, cancel: () => {} }
  const listener = workerListener(reporter, statuses, trackTopics, renewals, () => {})
  // The config topic has no task count before tasks are committed
  const snapshot = () =>
    committed ? configs.snapshot() : { ...configs.snapshot(), taskCounts: new Map<string, number>() }
  return {
    views: new Views(snapshot, statuses, catalog),
    listener,
    reporter,
    statuses,
    configs,
  }
}

test('a connector is shown with its type, settings and tasks', async () => {
  const { views } = await open()
  assert.deepEqual(views.info('c'), {
    name: 'c',
    config: { 'connector.class': 'Lines' },
    tasks: [id],
    type: 'source',
  })
  assert.deepEqual(views.tasks('c'), [{ id, config: { n: '0' } }])
})

test('unknown connectors and tasks are not found', async () => {
  const { views } = await open()
  const restart = () => views.restartPlan({ connector: 'c', onlyFailed: false, includeTasks: false })
  for (const look of [
    () => views.info('other'),
    () => views.tasks('other'),
    () => views.status('c'),
    () => views.taskStatus(id),
    restart,
  ])
    assert.throws(look, { code: 'HR_NOT_FOUND' })
})

test('requests for the tasks of a new connector are retriable, and later return not found', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] })
  const { views, listener, configs } = await open({ committed: false })
  const codeOf = (name: string) => views.missing(name, 'Unknown task').code

  assert.deepEqual([codeOf('c'), codeOf('other')], ['HR_REBALANCING', 'HR_NOT_FOUND'])
  listener.connectorRunning('c', '1')
  assert.equal(codeOf('c'), 'HR_REBALANCING')
  t.mock.timers.tick(10_000)
  assert.equal(codeOf('c'), 'HR_NOT_FOUND')
  await configs.putConnector('paused', {}, 'PAUSED')
  assert.equal(codeOf('paused'), 'HR_NOT_FOUND')
})

test('a connector with tasks, or that failed before it had any, gets no more tasks', async () => {
  const complete = await open()
  complete.listener.connectorRunning('c', '1')
  const failed = await open({ committed: false })
  failed.listener.connectorFailed('c', 'java.lang.Exception: no', '1')

  for (const { views } of [complete, failed])
    assert.equal(views.missing('c', 'Unknown task').code, 'HR_NOT_FOUND')
})

test('states are returned as reported by the worker, with the trace of a failure', async () => {
  const { views, listener } = await open()
  listener.connectorRunning('c', '1')
  listener.taskRunning(id, '1')
  listener.taskFailed(id, 'java.lang.Exception: no', '1')

  const { connector, tasks, type } = views.status('c')
  assert.deepEqual([connector.state, connector.workerId, type], ['RUNNING', 'w:1', 'source'])
  assert.deepEqual(
    tasks.map(({ id: task, state, trace }) => [task, state, trace]),
    [[0, 'FAILED', 'java.lang.Exception: no']],
  )
  assert.equal(views.taskStatus(id).state, 'FAILED')
})

test('the states of a concurrently deleted connector have an unknown type', async () => {
  const { views, listener, configs } = await open()
  listener.connectorRunning('c', '1')
  await configs.removeConnector('c')
  assert.equal(views.status('c').type, 'unknown')
})

test('a topic is recorded once, unless topic tracking is disabled', async () => {
  const { views, listener } = await open()
  for (const topic of ['a', 'b', 'a']) listener.topicUsed(id, topic)
  assert.deepEqual(views.topics('c'), ['a', 'b'])
  views.resetTopics('c')
  assert.deepEqual(views.topics('c'), [])

  const untracked = await open({ trackTopics: false })
  untracked.listener.topicUsed(id, 'a')
  assert.deepEqual(untracked.views.topics('c'), [])
})

test('no states or topics of a deleted connector remain', async () => {
  const { views, listener, reporter, statuses } = await open()
  listener.connectorRunning('c', '1')
  listener.taskRunning(id, '1')
  listener.topicUsed(id, 'a')
  reporter.connectorDeleted('c')
  assert.deepEqual([statuses.connectors(), statuses.tasks('c').size, views.topics('c')], [[], 0, []])
})
