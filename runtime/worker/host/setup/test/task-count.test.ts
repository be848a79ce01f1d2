import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError, type Logger } from '../../../../../api/index.ts'
import { checkTaskCount } from '../task-count.ts'

function check(count: number, props: Record<string, string>): string[] {
  const warnings: string[] = []
  checkTaskCount('lines', count, props, { warn: (text: string) => void warnings.push(text) } as Logger)
  return warnings
}

test('up to tasks.max tasks are allowed, one by default', () => {
  assert.deepEqual(check(1, {}), [])
  assert.deepEqual(check(3, { 'tasks.max': '3' }), [])
})

test('more tasks than tasks.max are rejected', () => {
  assert.throws(
    () => check(4, { 'tasks.max': '3' }),
    (error) =>
      isConnectError(error) &&
      error.code === 'HR_TOO_MANY_TASKS' &&
      error.message.startsWith('The connector lines has generated 4 tasks, which is greater than 3,'),
  )
})

test('more tasks than tasks.max only cause a warning if tasks.max.enforce is false', () => {
  assert.equal(check(4, { 'tasks.max': '3', 'tasks.max.enforce': 'false' }).length, 1)
})
