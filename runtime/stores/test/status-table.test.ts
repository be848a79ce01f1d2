import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstanceStatus } from '../ports.ts'
import { mayOverwrite, StatusTable } from '../status-table.ts'

const status = (init: Partial<InstanceStatus> = {}): InstanceStatus => ({
  state: 'RUNNING',
  trace: null,
  workerId: 'me:8083',
  generation: 3,
  version: '1',
  ...init,
})

test('tasks are listed by number, in any order of arrival', () => {
  const table = new StatusTable()
  for (const task of [10, 2, 0]) table.setTask({ connector: 'c', task }, status(), 1)

  assert.deepEqual([...table.tasks('c').keys()], [0, 2, 10])
})

test('removing a connector removes its tasks, removing a task only the task', () => {
  const table = new StatusTable()
  table.setConnector('c', status(), 1)
  table.setTask({ connector: 'c', task: 0 }, status(), 1)
  table.setTask({ connector: 'c', task: 1 }, status(), 1)
  table.setTask({ connector: 'c', task: 0 }, undefined, 1)
  assert.deepEqual([...table.tasks('c').keys()], [1])

  table.setConnector('c', undefined, 1)
  assert.deepEqual([table.connectors(), table.tasks('c').size], [[], 0])
})

test('topics belong to a connector', () => {
  const table = new StatusTable()
  const topic = { topic: 't', connector: 'c', task: 0, discoveredAt: 1 }
  table.setTopic('c', 't', topic)
  assert.deepEqual([table.topics('c'), table.topics('d')], [[topic], []])

  table.setTopic('c', 't', undefined)
  assert.deepEqual(table.topics('c'), [])
})

test('a worker overwrites its own and older statuses, but not a newer one of another worker', () => {
  const present = status({ workerId: 'other:8083', generation: 5 })

  assert.equal(mayOverwrite(undefined, status()), true)
  assert.equal(mayOverwrite(present, status({ generation: 4 })), false)
  assert.equal(mayOverwrite(present, status({ generation: 5 })), true)
  assert.equal(mayOverwrite(present, status({ generation: 1, workerId: 'other:8083' })), true)
})

test('since is the time of the last state change, and a start after a run counts as a restart', () => {
  const table = new StatusTable()
  const id = { connector: 'c', task: 0 }
  const states = ['UNASSIGNED', 'RUNNING', 'RUNNING', 'PAUSED', 'RUNNING', 'FAILED', 'RUNNING'] as const
  const seen = states.map((state, index) => {
    table.setTask(id, status({ state }), index)
    const { since, restarts } = table.task(id) ?? {}
    return [since, restarts]
  })

  assert.deepEqual(seen, [
    [0, 0],
    [1, 1],
    [1, 1],
    [3, 1],
    [4, 1],
    [5, 1],
    [6, 2],
  ])
})

test('a listener is called after each change of a state', () => {
  const table = new StatusTable()
  const heard: unknown[] = []
  table.onChange(() => heard.push([table.connector('c')?.state, table.tasks('c').size]))
  table.setConnector('c', status(), 1)
  table.setTask({ connector: 'c', task: 0 }, status(), 1)
  table.setConnector('c', undefined, 1)
  assert.deepEqual(heard, [
    ['RUNNING', 0],
    ['RUNNING', 1],
    [undefined, 0],
  ])
})
