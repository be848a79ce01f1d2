import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusedRequest, type WorkerApi } from '../worker-api.ts'
import { gone, paused, running, stopped, waitFor } from '../waiting.ts'

const pace = { pollMs: 1, staleMs: 20 }

/** A worker that answers one state of connector and tasks after the other, and the last one for ever. */
function workerWith(...answers: (readonly [string, ...string[]] | undefined)[]): WorkerApi {
  let at = 0
  const request: WorkerApi['request'] = async () => {
    const answer = answers[Math.min(at++, answers.length - 1)]
    if (answer === undefined) throw new RefusedRequest(404, 'No status found for connector a')
    const [connector, ...tasks] = answer
    const trace = 'E: broken\n\tat'
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

test('a stopped connector has no tasks', async () => {
  const api = workerWith(['STOPPED', 'RUNNING'], ['STOPPED'])
  assert.equal((await waitFor(api, 'a', stopped, 10_000, pace))?.tasks.length, 0)
})

test('a deleted connector has no status', async () => {
  assert.equal(await waitFor(workerWith(['RUNNING'], undefined), 'a', gone, 10_000, pace), undefined)
})

test('a failure that stays ends the wait with its first line', async () => {
  await assert.rejects(waitFor(workerWith(['RUNNING', 'FAILED']), 'a', running, 10_000, pace), {
    message: 'a: task 0 failed: E: broken',
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
