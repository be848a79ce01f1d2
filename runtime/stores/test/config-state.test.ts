import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../telemetry/index.ts'
import { ConfigState } from '../config-state.ts'
import type { ConfigListener } from '../ports.ts'

type Entry = readonly [key: string, value: unknown]

const connector = (name: string, properties: object = { name }): Entry => [
  `connector-${name}`,
  { properties },
]
const task = (id: string, properties: object = { id }): Entry => [`task-${id}`, { properties }]
const commit = (name: string, tasks: number): Entry => [`commit-${name}`, { tasks }]

/** Applies records, starting at offset 0; `heard` records the listener's calls. */
function stateOf(...entries: Entry[]) {
  const errors: string[] = []
  const heard: string[] = []
  const state = new ConfigState({ ...silentLogger, error: (message) => errors.push(message) })
  const listener: ConfigListener = {
    connectorUpdated: (name) => heard.push(`updated ${name}`),
    connectorRemoved: (name) => heard.push(`removed ${name}`),
    tasksUpdated: (tasks) => heard.push(`tasks ${tasks.map((id) => `${id.connector}-${id.task}`).join()}`),
    targetStateChanged: (name) => heard.push(`state ${name}`),
    sessionKeyUpdated: () => heard.push('key'),
    restartRequested: (request) => heard.push(`restart ${JSON.stringify(request)}`),
    loggerLevelChanged: (namespace, level) => heard.push(`level ${namespace} ${level}`),
  }
  const apply = (key: string, text: string | null) =>
    state.apply(state.offset + 1, key, text === null ? null : Buffer.from(text), listener)
  for (const [key, value] of entries) apply(key, value === null ? null : JSON.stringify(value))
  return { state, errors, heard, apply, snapshot: state.snapshot() }
}

test('a connector has its settings, and STARTED as the default target state', () => {
  const { snapshot, heard } = stateOf(connector('c', { a: '1', b: null }))

  assert.deepEqual(snapshot.connectors.get('c'), { a: '1', b: null })
  assert.equal(snapshot.targetStates.get('c'), 'STARTED')
  assert.deepEqual(heard, ['updated c'])
})

test('task configs take effect only once they are committed', () => {
  const { state, apply } = stateOf(connector('c'), task('c-0'), task('c-1'))
  assert.equal(state.snapshot().taskConfigs.get('c'), undefined)

  apply('commit-c', '{"tasks":2}')
  const { taskCounts, taskConfigs, generations, inconsistent } = state.snapshot()
  assert.equal(taskCounts.get('c'), 2)
  assert.deepEqual(
    [...(taskConfigs.get('c') ?? [])],
    [
      [0, { id: 'c-0' }],
      [1, { id: 'c-1' }],
    ],
  )
  assert.equal(generations.get('c'), 0)
  assert.equal(inconsistent.size, 0)
})

test('an incomplete commit makes a connector inconsistent until the next complete one', () => {
  const { state, apply } = stateOf(connector('c'), task('c-1'), commit('c', 2))
  assert.ok(state.snapshot().inconsistent.has('c'))
  assert.equal(state.snapshot().taskCounts.get('c'), 2)

  apply('task-c-0', '{"properties":{}}')
  apply('commit-c', '{"tasks":1}')
  assert.ok(!state.snapshot().inconsistent.has('c'))
  assert.equal(state.snapshot().taskCounts.get('c'), 1)
})

test('task configs beyond the task count, left by compaction, are tolerated', () => {
  const { snapshot } = stateOf(connector('c'), task('c-0'), task('c-1'), task('c-2'), commit('c', 1))

  assert.equal(snapshot.taskCounts.get('c'), 1)
  assert.ok(!snapshot.inconsistent.has('c'))
  assert.equal(snapshot.taskConfigs.get('c')?.size, 3)
})

test('each commit starts a generation of task configs, from the first that has any', () => {
  const { state, apply } = stateOf(connector('c'), commit('c', 0))
  assert.equal(state.snapshot().generations.get('c'), undefined)

  for (const generation of [0, 1]) {
    apply('task-c-0', '{"properties":{}}')
    apply('commit-c', '{"tasks":1}')
    assert.equal(state.snapshot().generations.get('c'), generation)
  }
})

test('the connector config at the time of a commit is kept', () => {
  const { snapshot } = stateOf(connector('c', { v: '1' }), commit('c', 0), connector('c', { v: '2' }))

  assert.deepEqual(snapshot.applied.get('c'), { v: '1' })
  assert.deepEqual(snapshot.connectors.get('c'), { v: '2' })
})

test('a deleted connector is removed with its tasks', () => {
  const { snapshot, heard } = stateOf(
    connector('c'),
    task('c-0'),
    commit('c', 1),
    ['connector-c', null],
    ['target-state-c', null],
  )

  for (const map of [snapshot.connectors, snapshot.taskCounts, snapshot.taskConfigs, snapshot.applied]) {
    assert.equal(map.size, 0)
  }
  assert.equal(snapshot.targetStates.size, 0)
  assert.deepEqual(heard.at(-1), 'removed c')
})

test('tasks of a connector that compaction has removed are ignored', () => {
  const { snapshot } = stateOf(task('c-0'), commit('c', 1))

  assert.equal(snapshot.taskConfigs.size, 0)
  assert.equal(snapshot.taskCounts.size, 0)
})

test('names may contain dashes, digits and the prefixes of other records', () => {
  const { snapshot } = stateOf(
    connector('a-1-b-2'),
    task('a-1-b-2-0'),
    commit('a-1-b-2', 1),
    connector('commit-x'),
  )

  assert.equal(snapshot.taskConfigs.get('a-1-b-2')?.size, 1)
  assert.ok(snapshot.connectors.has('commit-x'))
})

test('a target state is read from the new field, otherwise from the old one', () => {
  const { snapshot } = stateOf(
    connector('a'),
    connector('b'),
    connector('c'),
    ['target-state-a', { 'state': 'PAUSED', 'state.v2': 'STOPPED' }],
    ['target-state-b', { state: 'PAUSED' }],
    ['target-state-c', { state: 'paused' }],
  )

  assert.deepEqual([...snapshot.targetStates.values()], ['STOPPED', 'PAUSED', 'STARTED'])
})

test('a target state is reported only if it has changed and the connector exists', () => {
  const paused = ['target-state-c', { state: 'PAUSED' }] as const
  const { heard } = stateOf(paused, connector('c'), paused, ['target-state-c', { state: 'STARTED' }])

  assert.deepEqual(heard, ['updated c', 'state c'])
})

test('a deleted target state means STARTED while the connector exists', () => {
  const { snapshot } = stateOf(
    connector('c'),
    ['target-state-c', { state: 'PAUSED' }],
    ['target-state-c', null],
  )

  assert.equal(snapshot.targetStates.get('c'), 'STARTED')
})

test('restart requests, session keys, task counts and log levels are read', () => {
  const { snapshot, heard } = stateOf(
    connector('c'),
    commit('c', 0),
    ['restart-connector-c', { 'include-tasks': true, 'only-failed': false }],
    ['session-key', { 'key': 'AAEC', 'algorithm': 'HmacSHA256', 'creation-timestamp': 5 }],
    ['tasks-fencing-c', { 'task-count': 3 }],
    ['logger-cluster-org.example', { level: 'DEBUG' }],
  )

  assert.deepEqual(heard.slice(2), [
    'restart {"connector":"c","onlyFailed":false,"includeTasks":true}',
    'key',
    'level org.example DEBUG',
  ])
  assert.deepEqual(snapshot.sessionKey, {
    key: Buffer.from([0, 1, 2]),
    algorithm: 'HmacSHA256',
    createdAt: 5,
  })
  assert.equal(snapshot.taskCountRecords.get('c'), 3)
  assert.ok(!snapshot.pendingFencing.has('c'))
})

test('invalid records are ignored and logged', () => {
  const { snapshot, errors } = stateOf(
    ['connector-c', { settings: {} }],
    ['connector-d', 'text'],
    ['task-c', { properties: {} }],
    ['task-c-x', { properties: {} }],
    ['task-c-0', null],
    connector('e'),
    ['commit-e', { tasks: 'many' }],
    ['restart-connector-e', null],
    ['session-key', { key: 'AAEC' }],
    ['tasks-fencing-e', {}],
    ['logger-cluster-x', {}],
    ['something', {}],
  )

  assert.deepEqual([...snapshot.connectors.keys()], ['e'])
  assert.equal(errors.length, 11)
})

test('a value that is not JSON does not change the offset', () => {
  const { state, apply, errors } = stateOf(connector('c'))
  const { offset } = state
  apply('connector-d', '{')

  assert.equal(state.offset, offset)
  assert.equal(errors.length, 1)
})

test('a setting may have the name of an inherited property', () => {
  const { state, apply } = stateOf()
  apply('connector-c', '{"properties":{"__proto__":"x","constructor":"y"}}')
  const props = state.snapshot().connectors.get('c')

  assert.deepEqual(Object.keys(props ?? {}), ['__proto__', 'constructor'])
})

test('a snapshot is immutable, and the same object until something changes', () => {
  const { state, apply } = stateOf(connector('c'))
  const before = state.snapshot()
  assert.equal(state.snapshot(), before)

  apply('connector-d', '{"properties":{}}')
  assert.deepEqual([...before.connectors.keys()], ['c'])
  assert.notEqual(state.snapshot(), before)
})
