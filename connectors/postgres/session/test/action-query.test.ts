import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type Logger } from '../../../../api/index.ts'
import type { Database } from '../../ports.ts'
import { ActionQuery } from '../action-query.ts'

const serverError = (code: string) =>
  new ConnectError('HR_RETRIABLE', `failed with ${code}`, {
    cause: Object.assign(new Error('server'), { code, severity: 'ERROR' }),
  })

/** A database whose statements the test settles. */
function actionOf() {
  const running: { resolve(): void; reject(error: unknown): void }[] = []
  const failures: unknown[] = []
  const warnings: string[] = []
  let opened = 0
  let closed = 0
  const action = new ActionQuery({
    sql: 'INSERT',
    connect: () => {
      opened++
      const query = () =>
        new Promise((resolve, reject) => running.push({ resolve: () => resolve([]), reject }))
      const close = () => {
        closed++
        return Promise.resolve()
      }
      return Promise.resolve({ query, close } as unknown as Database)
    },
    failed: (error) => void failures.push(error),
    log: { warn: (text: string) => void warnings.push(text) } as unknown as Logger,
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { action, running, failures, warnings, settled, opened: () => opened, closed: () => closed }
}

test('heartbeats share a connection, and one while the last query runs starts none', async () => {
  const { action, running, settled, opened } = actionOf()
  action.run()
  action.run()
  await settled()
  assert.equal(running.length, 1)
  running[0]?.resolve()
  await settled()
  action.run()
  await settled()
  assert.deepEqual([running.length, opened()], [2, 1])
})

test('a failed query is logged, and the next heartbeat connects again', async () => {
  const { action, running, warnings, failures, settled, opened, closed } = actionOf()
  action.run()
  await settled()
  running[0]?.reject(serverError('23505'))
  await settled()
  assert.deepEqual([warnings.length, failures.length, closed()], [1, 0, 1])
  action.run()
  await settled()
  assert.equal(opened(), 2)
})

test('a missing table fails the task, and a server that starts up is retried', async () => {
  for (const [state, code] of [
    ['42P01', 'HR_CONNECT'],
    ['57P03', 'HR_RETRIABLE'],
  ] as const) {
    const { action, running, failures, settled } = actionOf()
    action.run()
    await settled()
    running[0]?.reject(serverError(state))
    await settled()
    assert.equal((failures[0] as ConnectError).code, code)
  }
})

test('a query that ends after the close is not reported', async () => {
  const { action, running, failures, warnings, settled, closed } = actionOf()
  action.run()
  await settled()
  await action.close()
  running[0]?.reject(serverError('57P01'))
  await settled()
  action.run()
  await settled()
  assert.deepEqual([failures.length, warnings.length, running.length, closed()], [0, 0, 1, 1])
})
