import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../api/index.ts'
import { eventually, gate, settle } from '../../timing/test/gate.ts'
import { definition, idOf, nameOf, openWorker, startTasks } from './open-worker.ts'

test('the task that ran when its process died fails, and the other tasks of the process restart', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 3)
  const { heard, forked, starts, traces } = opened
  heard.length = 0
  forked[0]?.die({ reason: 'it hung', culprit: starts[1]?.owner })
  await settle()

  assert.deepEqual(heard, ['c-1 failed', 'c-0 restarting', 'c-2 restarting'])
  assert.match(traces[0] ?? '', /The task process exited: it hung$/)
  assert.deepEqual(
    starts.slice(3).map(({ id }) => nameOf(id)),
    ['c-0', 'c-2'],
  )
})

test('a task that was alone in a process that died fails, even without a known culprit', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 1)
  opened.forked[0]?.die()
  await settle()
  assert.equal(opened.heard.at(-1), 'c-0 failed')
  assert.equal(opened.starts.length, 1)
})

test('if the culprit is unknown, the suspects restart in separate processes, and the second death identifies it', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 3)
  const { heard, forked } = opened
  heard.length = 0
  forked[0]?.die()
  await settle()
  assert.deepEqual(heard, ['c-0 restarting', 'c-1 restarting', 'c-2 restarting'])
  assert.equal(forked.length, 4)

  heard.length = 0
  forked[2]?.die()
  await settle()
  assert.deepEqual(heard, ['c-1 failed'])
})

test('many suspects are distributed among four processes', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 9)
  opened.forked[0]?.die()
  await settle()
  assert.equal(opened.forked.length, 5)
})

test('a task that had already failed is not a suspect and does not restart', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 2)
  const { worker, heard, forked, starts } = opened
  worker.events.taskFailed(idOf(0), starts[0]?.run ?? 0, 'trace', '1')
  heard.length = 0
  forked[0]?.die()
  await settle()
  assert.deepEqual(heard, ['c-1 failed'])
})

test('late events of an earlier run of a task are ignored', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { worker, heard, starts } = opened
  const [first] = starts
  await worker.stopTasks([idOf(0)])
  worker.startTask(definition(0))
  await settle()
  heard.length = 0
  worker.events.taskFailed(idOf(0), first?.run ?? 0, 'too late', '1')
  assert.deepEqual(heard, [])
})

test('a task that does not stop in time is abandoned, and its process is closed if it has no other instances', async (t) => {
  const stuck = gate()
  const opened = openWorker(t, { answers: { stopTask: () => stuck.opened }, gracefulStopMs: 1 })
  await startTasks(opened, 1)
  const { worker, heard, forked } = opened
  await worker.stopTasks([idOf(0)])

  assert.ok(forked[0]?.calls.includes('abandonTask'))
  assert.equal(forked[0]?.closed, true)
  assert.equal(heard.at(-1), 'c-0 shut down')
  assert.equal(worker.hasTask(idOf(0)), false)
})

test('the process of an abandoned task is closed once the task has left its group', async (t) => {
  const stuck = gate()
  const leaving = gate()
  const answers = { stopTask: () => stuck.opened, abandonTask: () => leaving.opened }
  const opened = openWorker(t, { answers, gracefulStopMs: 1 })
  await startTasks(opened, 1)
  const [process] = opened.forked
  const stopping = opened.worker.stopTasks([idOf(0)])
  await eventually(() => process?.calls.includes('abandonTask') === true)
  await settle()
  assert.equal(process?.closed, false)

  leaving.open()
  await stopping
  assert.equal(process?.closed, true)
})

test('a task that its process rejects fails with the reason', async (t) => {
  const refuse = async () => {
    throw new ConnectError('HR_CONNECT', 'there is no room')
  }
  const { worker, heard, traces } = openWorker(t, { answers: { startTask: refuse } })
  worker.startTask(definition(0))
  await settle()
  assert.deepEqual(heard, ['c-0 failed'])
  assert.match(traces[0] ?? '', /there is no room/)
})

test('a connector that fails to start is kept as failed, and can only be stopped', async (t) => {
  const refuse = async () => {
    throw new ConnectError('HR_CONFIG_INVALID', 'no such folder')
  }
  const { worker, heard } = openWorker(t, { answers: { startConnector: refuse } })
  await assert.rejects(worker.startConnector('c', {}, 'STARTED'), /Failed to transition connector c/)
  assert.deepEqual([heard, worker.hasConnector('c'), worker.isStarted('c')], [['c failed'], true, false])

  await assert.rejects(worker.setConnectorTarget('c', 'PAUSED'), /since it has failed/)
  await worker.stopConnector('c')
  assert.deepEqual(heard, ['c failed'], 'it does not become unassigned')
})

test('a connector reaches its target states in order', async (t) => {
  const { worker, heard, forked } = openWorker(t)
  await worker.startConnector('c', {}, 'PAUSED')
  assert.deepEqual(heard, ['c paused'])
  await Promise.all([worker.setConnectorTarget('c', 'STARTED'), worker.setConnectorTarget('c', 'STOPPED')])
  await worker.setConnectorTarget('c', 'STARTED')

  assert.equal(heard.at(-1), 'c running')
  assert.deepEqual(forked[0]?.calls.at(-1), 'startConnector')
  await worker.stopConnector('c')
  assert.equal(heard.at(-1), 'c shut down')
})

test('a connector whose process another instance crashed restarts, and its task configs are requested', async (t) => {
  const opened = openWorker(t)
  const { worker, heard, forked, starts } = opened
  await worker.startConnector('c', {}, 'STARTED')
  await startTasks(opened, 1)
  heard.length = 0
  forked[0]?.die({ culprit: starts[0]?.owner })
  await settle()
  assert.deepEqual(heard, ['c-0 failed', 'c restarting', 'c running', 'c wants other tasks'])
})

test('only a started connector is asked for task configs, and may request a reconfiguration', async (t) => {
  const { worker, heard, connectorStarts } = openWorker(t, {
    answers: { taskConfigs: async () => [{ a: '1' }] },
  })
  await assert.rejects(worker.taskConfigs('c'), /Connector c is not started/)
  worker.events.reconfigurationRequested('c', 0)
  await worker.startConnector('c', {}, 'STARTED')
  worker.events.reconfigurationRequested('c', connectorStarts[0]?.run ?? 0)

  assert.deepEqual(await worker.taskConfigs('c'), [{ a: '1' }])
  assert.deepEqual(heard, ['c running', 'c wants other tasks'])
})

test('a task is current only with the settings with which it was started', (t) => {
  const { worker } = openWorker(t)
  worker.startTask(definition(0, { a: '1' }))
  assert.equal(worker.isCurrent(definition(0, { a: '1' })), true)
  assert.equal(worker.isCurrent(definition(0, { a: '2' })), false)
  assert.equal(worker.isCurrent(definition(1, { a: '1' })), false)
})

test('an exactly-once source task is current only in its generation, because those of earlier ones are fenced', (t) => {
  const [other, exact] = [openWorker(t), openWorker(t, { isExactlyOnce: () => true })]
  for (const { worker } of [other, exact]) worker.startTask(definition(0))
  const next = { ...definition(0), generation: 1 }
  assert.deepEqual([other.worker.isCurrent(next), exact.worker.isCurrent(next)], [true, false])
})

test('a stop of the worker waits for tasks that were being stopped before', async (t) => {
  const stopping = gate()
  const opened = openWorker(t, { answers: { stopTask: () => stopping.opened } })
  await startTasks(opened, 1)
  const { worker } = opened
  void worker.stopTasks([idOf(0)])
  let stopped = false
  const all = worker.stopAll().then(() => (stopped = true))
  await settle()
  assert.equal(stopped, false)

  stopping.open()
  await all
})
