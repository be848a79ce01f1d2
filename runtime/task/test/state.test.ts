import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextTaskState, taskMoves, type TaskState } from '../state.ts'

const states = Object.keys(taskMoves) as TaskState[]

test('a stopped or failed task ignores all events', () => {
  for (const event of ['stop', 'pause', 'resume'] as const) {
    assert.equal(nextTaskState('stopped', event), 'stopped')
    assert.equal(nextTaskState('failed', event), 'failed')
  }
})

test('a task can be stopped from every state', () => {
  for (const state of states) {
    assert.ok(['stopping', 'stopped', 'failed'].includes(nextTaskState(state, 'stop')), state)
  }
})

test('a stopping task does not run again', () => {
  for (const event of ['started', 'resume', 'pause'] as const) {
    assert.equal(nextTaskState('stopping', event), 'stopping')
  }
})

test('an event that is not in the table throws', () => {
  assert.throws(() => nextTaskState('stopped', 'started'), /cannot handle 'started' in state stopped/)
})
