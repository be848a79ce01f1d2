import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConnectError, type Props } from '../../../api/index.ts'
import type { TaskId } from '../../stores/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { gate, settle } from '../../timing/test/gate.ts'
import type { WorkerListener } from '../ports.ts'
import { ProcessPool } from '../processes/pool.ts'
import { fakeProcess, type FakeProcess } from '../processes/test/fake-process.ts'
import type { HostMethods, TaskStart } from '../protocol.ts'
import { Worker } from '../worker.ts'

const idOf = (task: number): TaskId => ({ connector: 'c', task })
const nameOf = ({ connector, task }: TaskId) => `${connector}-${task}`

/** A worker whose processes are objects; `heard` is what it told its listener, in order. */
function openWorker(
  t: TestContext,
  {
    answers = {},
    size = 1,
    gracefulStopMs = 60_000,
  }: {
    answers?: Partial<HostMethods>
    size?: number
    gracefulStopMs?: number
  } = {},
) {
  const heard: string[] = []
  const forked: FakeProcess[] = []
  const starts: TaskStart[] = []
  const traces: string[] = []
  const say = (what: string) => (name: string | TaskId) =>
    void heard.push(`${typeof name === 'string' ? name : nameOf(name)} ${what}`)
  const failed = (name: string | TaskId, trace: string) => {
    say('failed')(name)
    traces.push(trace.split('\n')[0] ?? '')
  }
  const listener: WorkerListener = {
    connectorRunning: say('running'),
    connectorPaused: say('paused'),
    connectorStopped: say('stopped'),
    connectorFailed: failed,
    connectorShutDown: say('shut down'),
    taskRunning: say('running'),
    taskPaused: say('paused'),
    taskFailed: failed,
    taskRestarting: say('restarting'),
    taskShutDown: say('shut down'),
    topicUsed: (_id, topic) => void heard.push(`${topic} used`),
    reconfigurationRequested: say('wants other tasks'),
    valuesExpire: (name, ms) => void heard.push(`${name} expires in ${ms}`),
  }
  const methods: Partial<HostMethods> = {
    startConnector: async () => ({ version: '1', failure: undefined, ttlMs: undefined }),
    startTask: async (start) => void starts.push(start),
    ...answers,
  }
  const fork = () => {
    const process = fakeProcess(forked.length + 1, methods)
    forked.push(process)
    return process
  }
  const pool = new ProcessPool(size, fork, (end, members) => worker.processEnded(end, members), silentLogger)
  const worker = new Worker(pool, listener, { gracefulStopMs, versionOf: () => '1' })
  t.after(() => pool.close())
  return { worker, heard, forked, starts, traces }
}

function definition(task: number, connectorProps: Props = {}) {
  const common = { taskProps: {}, targetState: 'STARTED', taskCount: undefined } as const
  return { id: idOf(task), connectorProps, ...common }
}

/** Starts tasks, and lets each say that it is running. */
async function startTasks({ worker, starts }: ReturnType<typeof openWorker>, count: number) {
  for (let task = 0; task < count; task++) worker.startTask(definition(task))
  await settle()
  for (const { id, run } of starts) worker.events.taskRunning(id, run, '1')
}

test('the task that ran when its process died has failed; its neighbours start again', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 3)
  const { heard, forked, starts, traces } = opened
  heard.length = 0
  forked[0]?.die({ reason: 'it hung', culprit: starts[1]?.owner })
  await settle()

  assert.deepEqual(heard, ['c-1 failed', 'c-0 restarting', 'c-2 restarting'])
  assert.match(traces[0] ?? '', /Ended by the worker: it hung$/)
  assert.deepEqual(
    starts.slice(3).map(({ id }) => nameOf(id)),
    ['c-0', 'c-2'],
  )
})

test('who lived alone in a process that died is to blame, though nobody said so', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 1)
  opened.forked[0]?.die()
  await settle()
  assert.equal(opened.heard.at(-1), 'c-0 failed')
  assert.equal(opened.starts.length, 1)
})

test('where nobody knows who it was, suspects start apart from each other, and the second death tells', async (t) => {
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

test('many suspects are divided among four processes', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 9)
  opened.forked[0]?.die()
  await settle()
  assert.equal(opened.forked.length, 5)
})

test('a task that had failed before is no suspect and does not start again', async (t) => {
  const opened = openWorker(t)
  await startTasks(opened, 2)
  const { worker, heard, forked, starts } = opened
  worker.events.taskFailed(idOf(0), starts[0]?.run ?? 0, 'trace', '1')
  heard.length = 0
  forked[0]?.die()
  await settle()
  assert.deepEqual(heard, ['c-1 failed'])
})

test('what an earlier run of a task says late is not heard', async (t) => {
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

test('a task that does not stop in time is abandoned, and its process goes when nobody else lives there', async (t) => {
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

test('a task that cannot be taken on has failed with the reason', async (t) => {
  const refuse = async () => {
    throw new ConnectError('HR_CONNECT', 'there is no room')
  }
  const { worker, heard, traces } = openWorker(t, { answers: { startTask: refuse } })
  worker.startTask(definition(0))
  await settle()
  assert.deepEqual(heard, ['c-0 failed'])
  assert.match(traces[0] ?? '', /there is no room/)
})

test('a connector that fails to start is here as failed, and can only be stopped', async (t) => {
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

test('a connector follows its targets one after the other', async (t) => {
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

test('a started connector whose neighbour took the process down runs again without a word from anyone', async (t) => {
  const opened = openWorker(t)
  const { worker, heard, forked, starts } = opened
  await worker.startConnector('c', {}, 'STARTED')
  await startTasks(opened, 1)
  heard.length = 0
  forked[0]?.die({ culprit: starts[0]?.owner })
  await settle()
  assert.deepEqual(heard, ['c-0 failed', 'c running'])
})

test('only a connector that is started is asked for tasks, and heard when it wants others', async (t) => {
  const { worker, heard } = openWorker(t, { answers: { taskConfigs: async () => [{ a: '1' }] } })
  await assert.rejects(worker.taskConfigs('c'), /Connector c is not started/)
  worker.events.reconfigurationRequested('c')
  await worker.startConnector('c', {}, 'STARTED')
  worker.events.reconfigurationRequested('c')

  assert.deepEqual(await worker.taskConfigs('c'), [{ a: '1' }])
  assert.deepEqual(heard, ['c running', 'c wants other tasks'])
})

test('a task is current with the very settings that it was started with', (t) => {
  const { worker } = openWorker(t)
  worker.startTask(definition(0, { a: '1' }))
  assert.equal(worker.isCurrent(definition(0, { a: '1' })), true)
  assert.equal(worker.isCurrent(definition(0, { a: '2' })), false)
  assert.equal(worker.isCurrent(definition(1, { a: '1' })), false)
})
