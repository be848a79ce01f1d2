import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptCommit } from '../commit-attempt.ts'
import { newTaskMetrics } from '../metrics.ts'

const never = new Promise<never>(() => {})
const counts = ({ commitSuccesses, commitFailures }: ReturnType<typeof newTaskMetrics>) => [
  commitSuccesses,
  commitFailures,
]

test('a commit that succeeds in time has no failure, and one that rejects has its reason; both are counted', async () => {
  const metrics = newTaskMetrics()
  assert.equal(await attemptCommit(async () => {}, 1000, metrics), undefined)
  const refused = () => Promise.reject(new Error('not authorized'))
  assert.deepEqual(await attemptCommit(refused, 1000, metrics), { reason: 'not authorized', late: false })
  const thrown = () => {
    throw new Error('closed')
  }
  assert.deepEqual(await attemptCommit(thrown, 1000, metrics), { reason: 'closed', late: false })
  assert.deepEqual(counts(metrics), [1, 2])
})

test('a commit is not awaited beyond the timeout, or once the signal is aborted', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const metrics = newTaskMetrics()
  const late = attemptCommit(() => never, 5000, metrics)
  t.mock.timers.tick(5000)
  const reason = 'it took longer than 5000 ms (offset.flush.timeout.ms)'
  assert.deepEqual(await late, { reason, late: true })
  assert.equal(metrics.maxCommitMs, 5000)

  const stop = new AbortController()
  const stopped = attemptCommit(() => never, 5000, metrics, stop.signal)
  stop.abort()
  assert.equal((await stopped)?.late, true)
  assert.deepEqual(counts(metrics), [0, 2])
})
