import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusedRequest, type WorkerApi } from '../worker-api.ts'
import { gone, paused, restarted, running, stopped, waitFor, type Pace } from '../waiting.ts'

let clock = 0
/** On a clock that advances only while waiting. */
const pace: Pace = {
  pollMs: 1,
  staleMs: 20,
  settleMs: 10,
  now: () => clock,
  sleep: async (ms) => void (clock += ms),
}

/** Returns the given connector and task states one after the other, then repeats the last. */
function workerWith(...answers: (readonly [string, ...string[]] | undefined)[]): WorkerApi {
  return workerWithTasks(() => 1, ...answers)
}

/** Like `workerWith`, with `taskCount()` configured tasks at each request. */
function workerWithTasks(
  taskCount: () => number,
  ...answers: (readonly [string, ...string[]] | undefined)[]
): WorkerApi {
  let at = 0
  const request: WorkerApi['request'] = async (_method, path) => {
    if (!path.endsWith('/status')) {
      return { tasks: Array.from({ length: taskCount() }, (_, task) => ({ connector: 'a', task })) }
    }
    const answer = answers[Math.min(at++, answers.length - 1)]
    if (answer === undefined) throw new RefusedRequest(404, 'No status found for connector a')
    const [connector, ...tasks] = answer
    const trace = 'E: broken\n\tat x\nCaused by: F: why'
    const instance = (state: string) => ({
      state,
      worker_id: 'h:1',
      ...(state === 'FAILED' ? { trace } : {}),
    })
    return {
      name: 'a',
      type: 'sink',
      connector: instance(connector),
      tasks: tasks.map((state, id) => ({ id, ...instance(state) })),
    }
  }
  return { url: '', request, requestText: async () => '' }
}

test('a connector is running once all its tasks are running', async () => {
  const api = workerWith(undefined, ['RUNNING'], ['RUNNING', 'UNASSIGNED'], ['RUNNING', 'RUNNING'])
  const status = await waitFor(api, 'a', running, 10_000, pace)
  assert.deepEqual(
    status?.tasks.map(({ state }) => state),
    ['RUNNING'],
  )
})

test('a connector is not running until all its tasks have started', async () => {
  const api = workerWithTasks(() => 2, ['RUNNING'], ['RUNNING', 'RUNNING'], ['RUNNING', 'RUNNING', 'RUNNING'])
  assert.equal((await waitFor(api, 'a', running, 10_000, pace))?.tasks.length, 2)
})

test('a connector is not running until it has task configs', async () => {
  let asked = 0
  const api = workerWithTasks(
    () => (asked++ < 2 ? 0 : 1),
    ['RUNNING'],
    ['RUNNING'],
    ['RUNNING'],
    ['RUNNING', 'RUNNING'],
  )
  assert.equal((await waitFor(api, 'a', running, 10_000, pace))?.tasks.length, 1)
})

test('a task that fails after a slow start fails the wait', async () => {
  const api = workerWithTasks(() => 1, ...Array.from({ length: 50 }, () => ['RUNNING'] as const), [
    'RUNNING',
    'FAILED',
  ])
  await assert.rejects(waitFor(api, 'a', running, 10_000, pace), { exitCode: 2 })
})

test('the wait times out when the connector gets no tasks', async () => {
  await assert.rejects(
    waitFor(
      workerWithTasks(() => 0, ['RUNNING']),
      'a',
      running,
      0,
      pace,
    ),
    {
      message: 'a: timed out after 0 s waiting for it to run (connector RUNNING, tasks: none)',
    },
  )
})

test('waiting for the restart of a stopped connector does not wait for tasks', async () => {
  const api = workerWithTasks(() => 0, ['STOPPED'])
  assert.equal((await waitFor(api, 'a', restarted, 10_000, pace))?.connector.state, 'STOPPED')
})

test('a stopped connector has no tasks', async () => {
  const api = workerWith(['STOPPED', 'RUNNING'], ['STOPPED'])
  assert.equal((await waitFor(api, 'a', stopped, 10_000, pace))?.tasks.length, 0)
})

test('a deleted connector has no status', async () => {
  assert.equal(await waitFor(workerWith(['RUNNING'], undefined), 'a', gone, 10_000, pace), undefined)
})

test('a permanent failure ends the wait with its root cause and a hint on how to show the trace', async () => {
  await assert.rejects(waitFor(workerWith(['RUNNING', 'FAILED']), 'a', running, 10_000, pace), {
    message: 'a: task 0 failed: F: why\nheadrace status a --trace shows the full trace',
    exitCode: 2,
  })
})

test('a failure from before a restart does not end the wait', async () => {
  const api = workerWith(['FAILED', 'FAILED'], ['RUNNING', 'RUNNING'])
  assert.equal((await waitFor(api, 'a', running, 10_000, pace))?.connector.state, 'RUNNING')
})

test('the timeout error contains the current states', async () => {
  await assert.rejects(waitFor(workerWith(['PAUSED', 'RUNNING', 'PAUSED']), 'a', paused, 0, pace), {
    message:
      'a: timed out after 0 s waiting for it to be paused (connector PAUSED, tasks: 1 running, 1 paused)',
  })
})

test('a task that fails right after it was running fails the wait', async () => {
  const ran = Array.from({ length: 10 }, () => ['RUNNING', 'RUNNING'] as const)
  await assert.rejects(waitFor(workerWith(...ran, ['RUNNING', 'FAILED']), 'a', running, 10_000, pace), {
    message: 'a: task 0 failed: F: why\nheadrace status a --trace shows the full trace',
    exitCode: 2,
  })
})

test('a connector that has not been running for long when the time is up is running', async () => {
  assert.equal((await waitFor(workerWith(['RUNNING', 'RUNNING']), 'a', running, 5, pace))?.tasks.length, 1)
})
