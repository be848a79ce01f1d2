import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskProps } from '../../../api/index.ts'
import { gate, settle } from '../../timing/test/gate.ts'
import type { ConnectorStarted } from '../protocol.ts'
import { definition, idOf, openWorker, started, startTasks } from './open-worker.ts'

test('a task that is stopped before its process is ready is never started, and stops immediately', async (t) => {
  const ready = gate()
  const { worker, forked, heard } = openWorker(t, { ready: () => ready.opened })
  worker.startTask(definition(0))
  await worker.stopTasks([idOf(0)])
  ready.open()
  await settle()

  assert.deepEqual(forked[0]?.calls, [])
  assert.deepEqual(heard, ['c-0 shut down'])
})

test('a task that is paused before its process is ready starts paused, and one that is resumed does not', async (t) => {
  const ready = gate()
  const { worker, starts } = openWorker(t, { ready: () => ready.opened })
  worker.startTask(definition(0))
  worker.setTasksPaused('c', true)
  worker.startTask({ ...definition(0, {}, 'PAUSED'), id: { connector: 'd', task: 0 } })
  worker.setTasksPaused('d', false)
  ready.open()
  await settle()
  assert.deepEqual(
    starts.map(({ id, paused }) => [id.connector, paused]),
    [
      ['c', true],
      ['d', false],
    ],
  )
})

test('one start is sent for a task that is stopped and started again before its process is ready', async (t) => {
  const ready = gate()
  const { worker, starts } = openWorker(t, { ready: () => ready.opened })
  worker.startTask(definition(0, { n: '1' }))
  const stopped = worker.stopTasks([idOf(0)])
  worker.startTask(definition(0, { n: '2' }))
  await stopped
  ready.open()
  await settle()
  assert.deepEqual(
    starts.map(({ connectorProps }) => connectorProps),
    [{ n: '2' }],
  )
})

test('a task that is started while an earlier run is stopping starts when that run has ended', async (t) => {
  const stopping = gate()
  const opened = openWorker(t, { answers: { stopTask: () => stopping.opened } })
  await startTasks(opened, 1)
  const { worker, starts, forked } = opened
  const stopped = worker.stopTasks([idOf(0)])
  worker.startTask(definition(0))
  forked[0]?.die() // ends the earlier run with its process; the later run is not in it
  await settle()
  assert.equal(starts.length, 2)
  await stopped
})

test('a second stop of a stopping task waits for it too', async (t) => {
  const stopping = gate()
  const opened = openWorker(t, { answers: { stopTask: () => stopping.opened } })
  await startTasks(opened, 1)
  const { worker } = opened
  let done = 0
  const stops = [0, 1].map(() => worker.stopTasks([idOf(0)]).then(() => done++))
  await settle()
  assert.equal(done, 0)
  stopping.open()
  await Promise.all(stops)
})

test('a task that replaces a running one stops it first', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 1)
  const { worker, starts, forked } = opened
  worker.startTask(definition(0))
  await settle()
  assert.deepEqual(forked[0]?.calls, ['startTask', 'stopTask', 'startTask'])
  assert.ok((starts[1]?.run ?? 0) > (starts[0]?.run ?? 0))
})

test('a connector that is stopped before its process is ready is never started', async (t) => {
  const ready = gate()
  const { worker, forked, heard } = openWorker(t, { ready: () => ready.opened })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  await worker.stopConnector('c')
  await starting
  ready.open()
  await settle()
  assert.deepEqual([forked[0]?.calls, heard], [[], ['c shut down']])
})

test('a connector that is paused before its process is ready is never started', async (t) => {
  const ready = gate()
  const { worker, forked, heard } = openWorker(t, { ready: () => ready.opened })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  await worker.setConnectorTarget('c', 'PAUSED')
  await starting
  ready.open()
  await settle()
  assert.deepEqual([forked[0]?.calls, heard], [[], ['c paused']])
})

test('a connector that is stopped while it starts is stopped in its process, and its events are ignored', async (t) => {
  const answer = gate<ConnectorStarted>()
  const { worker, forked, heard } = openWorker(t, { answers: { startConnector: () => answer.opened } })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  await worker.stopConnector('c')
  answer.open(started)
  await starting
  await settle()
  assert.deepEqual(forked[0]?.calls, ['startConnector', 'stopConnector'])
  assert.deepEqual(heard, ['c shut down'])
})

test('a connector that is paused and resumed while it starts runs once', async (t) => {
  const answers = [gate<ConnectorStarted>(), gate<ConnectorStarted>()]
  const runs: number[] = []
  const startConnector = async ({ run }: { readonly run: number }) => {
    const answer = answers[runs.length]
    runs.push(run)
    return answer?.opened ?? assert.fail('started a third time')
  }
  const { worker, forked, heard } = openWorker(t, { answers: { startConnector } })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  const paused = worker.setConnectorTarget('c', 'PAUSED')
  const resumed = worker.setConnectorTarget('c', 'STARTED')
  await settle()
  answers[0]?.open(started)
  answers[1]?.open(started)
  await Promise.all([starting, paused, resumed])
  assert.deepEqual(forked[0]?.calls, ['startConnector', 'stopConnector', 'startConnector'])
  assert.deepEqual(heard, ['c running'])
})

test('a paused connector is removed from its process', async (t) => {
  const { worker, forked, heard } = openWorker(t)
  await worker.startConnector('c', {}, 'STARTED')
  await worker.setConnectorTarget('c', 'PAUSED')
  heard.length = 0
  forked[0]?.die()
  await settle()
  assert.deepEqual(heard, [])
})

test('late events of an earlier start of a connector are ignored', async (t) => {
  const { worker, heard, connectorStarts } = openWorker(t)
  await worker.startConnector('c', {}, 'STARTED')
  await worker.stopConnector('c')
  await worker.startConnector('c', {}, 'STARTED')
  heard.length = 0
  const [first] = connectorStarts
  worker.events.connectorFailed('c', first?.run ?? 0, 'too late', '1')
  worker.events.reconfigurationRequested('c', first?.run ?? 0)
  assert.deepEqual([heard, worker.isStarted('c')], [[], true])
})

test('a pending request for task configs rejects when the connector is stopped', async (t) => {
  const never = gate<TaskProps[]>()
  const { worker } = openWorker(t, { answers: { taskConfigs: () => never.opened } })
  await worker.startConnector('c', {}, 'STARTED')
  const asked = worker.taskConfigs('c')
  const rejected = assert.rejects(asked, /Connector c was stopped/)
  await worker.stopConnector('c')
  await rejected
})

test('a connector whose start does not return is blocked, and can be stopped', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const never = gate<never>()
  const answers = { startConnector: () => never.opened, stopConnector: () => never.opened }
  const { worker, heard, forked } = openWorker(t, { answers })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  const blocked = { since: 1, reason: 'start() has not returned' }
  worker.events.connectorBlocked('c', 0, { since: 0, reason: 'an earlier start' })
  worker.events.connectorBlocked('c', 1, blocked)
  assert.deepEqual([...worker.blockedConnectors()], [['c', blocked]])

  const stopped = worker.stopConnector('c')
  await starting
  await settle()
  t.mock.timers.tick(5000)
  await stopped
  assert.deepEqual([[...worker.blockedConnectors()], heard, forked[0]?.closed], [[], ['c shut down'], true])
})

test('a blocked connector that is paused is no longer blocked', async (t) => {
  const never = gate<never>()
  const { worker } = openWorker(t, { answers: { startConnector: () => never.opened } })
  const starting = worker.startConnector('c', {}, 'STARTED')
  await settle()
  worker.events.connectorBlocked('c', 1, { since: 1, reason: 'start() has not returned' })
  await worker.setConnectorTarget('c', 'PAUSED')
  await starting
  assert.equal(worker.blockedConnectors().size, 0)
})

test('a blocked connector that fails is no longer blocked', async (t) => {
  const { worker } = openWorker(t)
  await worker.startConnector('c', {}, 'STARTED')
  worker.events.connectorBlocked('c', 1, { since: 1, reason: 'taskConfigs() has not returned' })
  worker.events.connectorFailed('c', 1, 'trace', '1')
  assert.equal(worker.blockedConnectors().size, 0)
})

test('an instance that takes long to start is reported once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const ready = gate()
  const { worker, heard } = openWorker(t, { ready: () => ready.opened })
  const starting = worker.startConnector('c', {}, 'STARTED')
  worker.startTask(definition(0))
  t.mock.timers.tick(999)
  assert.equal(heard.length, 0)
  t.mock.timers.tick(1)
  assert.deepEqual(heard, ['c delayed', 'c-0 delayed'])
  ready.open()
  await starting
  t.mock.timers.tick(10_000)
  assert.deepEqual(heard, ['c delayed', 'c-0 delayed', 'c running'])
})

test('a stopped worker starts nothing', async (t) => {
  const { worker, forked } = openWorker(t)
  await worker.stopAll()
  worker.startTask(definition(0))
  await assert.rejects(worker.startConnector('c', {}, 'STARTED'), /Worker is shutting down/)
  assert.deepEqual([forked, worker.taskIds, worker.connectorNames], [[], [], []])
})
