import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusedRequest, type WorkerApi } from '../worker-api.ts'
import { gone, paused, restarted, running, stopped, waitFor } from '../waiting.ts'

const pace = { pollMs: 1, staleMs: 20 }

/** A worker that answers one state of connector and tasks after the other, and the last one for ever. */
function workerWith(...answers: (readonly [string, ...string[]] | undefined)[]): WorkerApi {
  return workerWithTasks(() => 1, ...answers)
}

/** The same, with so many tasks in its settings as `taskCount` says when it is asked. */
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

test('a connector runs when all its tasks do', async () => {
  const api = workerWith(undefined, ['RUNNING'], ['RUNNING', 'UNASSIGNED'], ['RUNNING', 'RUNNING'])
  const status = await waitFor(api, 'a', running, 10_000, pace)
  assert.deepEqual(
    status?.tasks.map(({ state }) => state),
    ['RUNNING'],
  )
})

test('a connector whose tasks have not started yet does not run', async () => {
  const api = workerWithTasks(() => 2, ['RUNNING'], ['RUNNING', 'RUNNING'], ['RUNNING', 'RUNNING', 'RUNNING'])
  assert.equal((await waitFor(api, 'a', running, 10_000, pace))?.tasks.length, 2)
})

test('a connector that has no settings for tasks yet does not run', async () => {
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

test('a connector that gets no tasks in time is an error', async () => {
  await assert.rejects(
    waitFor(
      workerWithTasks(() => 0, ['RUNNING']),
      'a',
      running,
      0,
      pace,
    ),
    {
      message: 'a: waited 0 s for it to run, but it is RUNNING, its tasks: none',
    },
  )
})

test('a connector that is restarted while it is stopped has no tasks to wait for', async () => {
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

test('a failure that stays ends the wait with its root cause, and says where the trace is', async () => {
  await assert.rejects(waitFor(workerWith(['RUNNING', 'FAILED']), 'a', running, 10_000, pace), {
    message: 'a: task 0 failed: F: why\nheadrace status a --trace shows the whole trace',
    exitCode: 2,
  })
})

test('a failure from before a restart does not end the wait', async () => {
  const api = workerWith(['FAILED', 'FAILED'], ['RUNNING', 'RUNNING'])
  assert.equal((await waitFor(api, 'a', running, 10_000, pace))?.connector.state, 'RUNNING')
})

test('a wait that is over says how things are', async () => {
  await assert.rejects(waitFor(workerWith(['PAUSED', 'RUNNING', 'PAUSED']), 'a', paused, 0, pace), {
    message: 'a: waited 0 s for it to be paused, but it is PAUSED, its tasks: 1 running, 1 paused',
  })
})
