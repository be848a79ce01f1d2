import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MemoryStatusStore, type StatusStore, type TaskId } from '../../../stores/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import { StatusReporter } from '../../shared/status-reporter.ts'
import { storedConnector } from '../../shared/test/stored.ts'
import { AssignmentRunner, type AssignmentRunnerParts } from '../assignment-runner.ts'

/** The runner of a worker that runs connector `c` and its task; `done` records their calls. */
async function open(
  worker: Partial<AssignmentRunnerParts['worker']> = {},
  statuses: StatusStore = new MemoryStatusStore(),
) {
  const done: string[] = []
  const lines: unknown[] = []
  const configs = await storedConnector({ name: 'c' }, [{ n: '1' }])
  const runner = new AssignmentRunner({
    worker: {
      connectorNames: ['c'],
      taskIds: [{ connector: 'c', task: 0 }],
      hasConnector: () => true,
      hasTask: () => true,
      isCurrent: () => false,
      stopConnector: async (name) => void done.push(`stop ${name}`),
      stopTasks: async (ids: readonly TaskId[]) => void done.push(`stop ${ids.length} task(s)`),
      ...worker,
    },
    statuses,
    reporter: new StatusReporter(statuses, 'here:1', () => 1),
    lifecycle: {
      startInBackground: (name) => void done.push(`start ${name}`),
      startTasks: () => {},
      followTarget: (name) => void done.push(`${name} follows its target`),
      restart: async ({ name }) => void done.push(`restart ${name}`),
    },
    views: {
      restartPlan: () => {
        throw new RangeError('no plan')
      },
    },
    snapshot: () => configs.snapshot(),
    log: {
      ...silentLogger,
      warn: (message) => lines.push(message),
      error: (message, fields) => lines.push([message, fields?.['connector'], fields?.['reason']]),
    },
  })
  return { runner, done, lines, statuses }
}

const noChanges = {
  rebalance: false,
  connectors: new Set<string>(),
  targetStates: new Set<string>(),
  tasks: new Set<string>(),
  restarts: [],
}

test('a failed change is logged, and the others are applied', async () => {
  const { runner, done, lines, statuses } = await open({
    stopConnector: async () => {
      throw new RangeError('it does not stop')
    },
  })
  statuses.putConnector('c', { state: 'RUNNING', trace: null, workerId: 'w', generation: 1, version: null })
  await runner.apply({
    ...noChanges,
    connectors: new Set(['c']),
    targetStates: new Set(['c']),
    tasks: new Set(['c']),
    restarts: [{ connector: 'c', onlyFailed: false, includeTasks: true }],
  })
  assert.deepEqual(done, ['c follows its target', 'stop 1 task(s)'])
  const message = 'cannot apply a change to a connector'
  assert.deepEqual(lines, [
    [message, 'c', 'it does not stop'],
    [message, 'c', 'no plan'],
  ])
})

test('a rebalance waits only a limited time until the states of stopped work are stored', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const statuses = new MemoryStatusStore()
  statuses.flush = () => gate().opened
  const { runner, done, lines } = await open({}, statuses)
  const stopped = runner.stopAssigned({ connectors: ['c'], tasks: [{ connector: 'c', task: 0 }] })
  await settle()
  t.mock.timers.tick(5000)
  await stopped
  assert.deepEqual(done, ['stop 1 task(s)', 'stop c'])
  assert.equal(lines.length, 1)
})

test('the leader deletes the states of connectors and tasks that are no longer configured, and their topics', async () => {
  const { runner, statuses } = await open()
  const running = { state: 'RUNNING', trace: null, workerId: 'w', generation: 1, version: null } as const
  for (const name of ['c', 'gone']) {
    statuses.putConnector(name, running)
    for (const task of [0, 1]) statuses.putTask({ connector: name, task }, running)
    statuses.putTopic({ topic: 't', connector: name, task: 0, discoveredAt: 0 })
  }
  statuses.putTask({ connector: 'late', task: 0 }, running) // written after the deletion of its connector
  runner.forgetRemoved()
  assert.deepEqual(statuses.connectors(), ['c'])
  assert.deepEqual([...statuses.tasks('c').keys()], [0])
  assert.deepEqual(
    ['c', 'gone'].map((name) => statuses.topics(name).length),
    [1, 0],
  )
})
