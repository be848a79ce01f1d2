import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger } from '../../../../api/index.ts'
import { MemoryStatusStore, taskName } from '../../../stores/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import { Lifecycle, type LifecycleWorker } from '../lifecycle.ts'
import { restartPlan } from '../restart-plan.ts'
import { StatusReporter } from '../status-reporter.ts'
import { storedConnector } from './stored.ts'

/** A lifecycle whose worker records its calls; `here` lists the instances on this worker. */
async function open(here: readonly string[] = [], answers: Partial<LifecycleWorker> = {}) {
  const done: string[] = []
  const errors: unknown[] = []
  const statuses = new MemoryStatusStore()
  const configs = await storedConnector({ name: 'c' }, [{ n: '0' }, { n: '1' }])
  const note =
    (what: string) =>
    async (name: string): Promise<void> =>
      void done.push(`${what} ${name}`)
  const worker: LifecycleWorker = {
    hasConnector: (name) => here.includes(name),
    hasTask: (id) => here.includes(taskName(id)),
    startConnector: async (name, _props, target) => void done.push(`start ${name} ${target}`),
    stopConnector: note('stop'),
    setConnectorTarget: async (name, target) => void done.push(`${name} to ${target}`),
    startTask: ({ id, taskProps }) => void done.push(`start ${taskName(id)} n=${taskProps['n']}`),
    stopTasks: async (ids) => void done.push(`stop tasks ${ids.map(taskName).join()}`),
    setTasksPaused: (_name, paused) => void done.push(`tasks paused: ${paused}`),
    ...answers,
  }
  const log: Logger = {
    ...silentLogger,
    error: (message, fields) => errors.push([message, fields?.['reason'], fields?.['err']]),
  }
  const lifecycle = new Lifecycle({
    worker,
    reporter: new StatusReporter(statuses, 'here:1', () => 7),
    reconfiguration: { request: (name) => void done.push(`tasks of ${name} asked for`) },
    snapshot: () => configs.snapshot(),
    log,
  })
  return { lifecycle, done, errors, statuses, configs }
}

const running = {
  state: 'RUNNING',
  workerId: 'here:1',
  trace: null,
  version: '1',
  since: 0,
  restarts: 0,
} as const
const planFor = (tasks: readonly number[]) =>
  restartPlan(
    { connector: 'c', onlyFailed: false, includeTasks: true },
    { name: 'c', type: 'source', connector: running, tasks: tasks.map((id) => ({ id, ...running })) },
  )

test('a connector starts with its stored target state, and its task configs are requested once it runs', async () => {
  const { lifecycle, done, configs } = await open()
  await configs.putTargetState('c', 'PAUSED')
  await lifecycle.startWithTasks('c')
  assert.deepEqual(done, ['start c PAUSED', 'tasks of c asked for'])
})

test('a deleted connector is not started', async () => {
  const { lifecycle, done, configs } = await open()
  await configs.removeConnector('c')
  await lifecycle.startConnector('c')
  assert.deepEqual(done, [])
})

test('a failed background start is logged with its root cause, and no task configs are requested', async () => {
  const failure = new RangeError('no transition', { cause: new Error('wrong password') })
  const startConnector = async () => {
    throw failure
  }
  const { lifecycle, done, errors } = await open([], { startConnector })
  await assert.rejects(lifecycle.startWithTasks('c'), RangeError)
  lifecycle.startInBackground('c')
  await settle()
  assert.deepEqual(
    [done, errors],
    [[], [['cannot start a connector', 'no transition: wrong password', failure]]],
  )
})

test('a restart stops everything before it starts anything, and reports each instance as RESTARTING', async () => {
  const { lifecycle, done, statuses } = await open(['c', 'c-0', 'c-1'])
  await lifecycle.restart(planFor([0, 1]))
  await settle()

  assert.deepEqual(done, [
    'stop c',
    'stop tasks c-0,c-1',
    'start c STARTED',
    'start c-0 n=0',
    'start c-1 n=1',
    'tasks of c asked for',
  ])
  const states = [statuses.connector('c'), ...statuses.tasks('c').values()]
  assert.deepEqual(
    states.map((status) => [status?.state, status?.workerId, status?.generation]),
    Array.from({ length: 3 }, () => ['RESTARTING', 'here:1', 7]),
  )
})

test('a restart does not affect instances of other workers', async () => {
  const { lifecycle, done, statuses } = await open(['c-1'])
  await lifecycle.restart(planFor([0, 1]))
  assert.deepEqual(done, ['stop tasks c-1', 'start c-1 n=1'])
  assert.deepEqual([statuses.connector('c'), [...statuses.tasks('c').keys()]], [undefined, [1]])
})

test('a restart does not wait for the connector', async () => {
  const slow = gate()
  const { lifecycle, done } = await open(['c', 'c-0'], { startConnector: () => slow.opened })
  await lifecycle.restart(planFor([0]))
  assert.equal(done.at(-1), 'start c-0 n=0')
  slow.open()
  await settle()
  assert.equal(done.at(-1), 'tasks of c asked for')
})

test('tasks pause immediately with their connector, and task configs are requested after a resume', async () => {
  const { lifecycle, done, configs } = await open(['c'])
  await configs.putTargetState('c', 'PAUSED')
  lifecycle.followTarget('c')
  await configs.putTargetState('c', 'STARTED')
  lifecycle.followTarget('c')
  await settle()
  assert.deepEqual(done, [
    'tasks paused: true',
    'c to PAUSED',
    'tasks paused: false',
    'c to STARTED',
    'tasks of c asked for',
  ])
})

test('tasks follow the target state of a connector on another worker', async () => {
  const { lifecycle, done } = await open(['c-0'])
  lifecycle.followTarget('c')
  lifecycle.followTarget('unknown')
  assert.deepEqual(done, ['tasks paused: false'])
})

test('paused tasks of a connector with the target state STOPPED are not resumed', async () => {
  const { lifecycle, done, configs } = await open(['c'])
  await configs.putTargetState('c', 'PAUSED')
  lifecycle.followTarget('c')
  await configs.putTargetState('c', 'STOPPED')
  lifecycle.followTarget('c')
  assert.deepEqual(done, ['tasks paused: true', 'c to PAUSED', 'c to STOPPED'])
})

test('a connector that does not reach its target state is logged', async () => {
  const failure = new RangeError('it has failed')
  const setConnectorTarget = async () => {
    throw failure
  }
  const { lifecycle, errors } = await open(['c'], { setConnectorTarget })
  lifecycle.followTarget('c')
  await settle()
  assert.deepEqual(errors, [
    ['cannot change the state of a connector to its target state', 'it has failed', failure],
  ])
})
