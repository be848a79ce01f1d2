import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstanceState } from '../../../../stores/index.ts'
import { MemoryStatusStore } from '../../../../stores/memory/status-store.ts'
import { stoppedWork } from '../stopped-work.ts'

const connector = { connector: 'c', task: null }
const task = { connector: 'c', task: 0 }

/** Whether the connector and its task have ended, after a worker has written a state of each. */
function ended(state: InstanceState, workerId: string): boolean[] {
  const statuses = new MemoryStatusStore()
  const status = { state, workerId, generation: 1, trace: null, version: null }
  statuses.putConnector('c', status)
  statuses.putTask(task, status)
  const stopped = stoppedWork(statuses, [{ url: 'https://member:8083/' }, { url: 'http://other:80/' }])
  return [connector, task].map(stopped)
}

test('what a worker stopped before it left, and what failed there, has ended', () => {
  for (const state of ['UNASSIGNED', 'FAILED'] as const)
    assert.deepEqual(ended(state, 'gone:8083'), [true, true])
})

test('what a lost worker last reported in another state may still run there', () => {
  for (const state of ['RUNNING', 'PAUSED', 'RESTARTING', 'STOPPED'] as const)
    assert.deepEqual(ended(state, 'gone:8083'), [false, false])
})

test('a report of a member is about an earlier time: what it stopped was given to a worker that is lost', () => {
  assert.deepEqual(ended('UNASSIGNED', 'member:8083'), [false, false])
  assert.deepEqual(ended('FAILED', 'other:80'), [false, false])
})

test('work without a status may still run', () => {
  const stopped = stoppedWork(new MemoryStatusStore(), [])
  assert.deepEqual([connector, task].map(stopped), [false, false])
})
