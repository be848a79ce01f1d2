import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type TaskRetry } from '../../../api/index.ts'
import { runRetriedSession } from '../retried-session.ts'

const broken = () => new ConnectError('HR_RETRIABLE', 'the server is starting up')

function recorded(session: (attempt: number, succeeded: () => void) => Promise<void>, maxRetries = -1) {
  const states: (TaskRetry | null)[] = []
  const failures: unknown[] = []
  let attempt = 0
  const parts = {
    session: (_signal: AbortSignal, succeeded: () => void) => session(attempt++, succeeded),
    maxRetries,
    maxWaitMs: 1,
    retrying: (state: TaskRetry | null) => void states.push(state),
    failed: (error: unknown) => void failures.push(error),
  }
  return { parts, states, failures }
}

test('an error that can be retried leads to another session, and is shown with its attempts until it is over', async () => {
  const { parts, states, failures } = recorded(async (attempt, succeeded) => {
    if (attempt < 2) throw broken()
    succeeded()
  })
  await runRetriedSession(parts, new AbortController().signal)
  assert.deepEqual(failures, [])
  assert.deepEqual(
    states.map((state) => state?.attempt),
    [1, 2, undefined],
  )
  assert.equal(states[0]?.reason, 'the server is starting up')
  assert.equal(states[0]?.since, states[1]?.since)
})

test('a permanent error fails the task at once', async () => {
  const failure = new ConnectError('HR_CONNECT', 'no such slot')
  const { parts, states, failures } = recorded(() => Promise.reject(failure))
  await runRetriedSession(parts, new AbortController().signal)
  assert.deepEqual([states, failures], [[], [failure]])
})

test('the task fails after the greatest number of attempts without success in between', async () => {
  const { parts, failures } = recorded(async (attempt, succeeded) => {
    if (attempt === 1) succeeded()
    throw broken()
  }, 2)
  await runRetriedSession(parts, new AbortController().signal)
  assert.equal(failures.length, 1)
})

test('a stop ends the wait, and an error of the session that it ends is not reported', async () => {
  const stop = new AbortController()
  const { parts, failures } = recorded(async () => {
    stop.abort()
    throw broken()
  })
  await runRetriedSession({ ...parts, maxWaitMs: 1e6 }, stop.signal)
  assert.deepEqual(failures, [])
})
