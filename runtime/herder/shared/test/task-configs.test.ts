import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taskConfigsChanged, taskDefinition, tasksOf, withVariables } from '../task-configs.ts'
import { storedConnector } from './stored.ts'

test('task settings have changed when their number, a value or the settings of their connector has', async () => {
  const configs = await storedConnector({ a: '1' }, [{ n: '0' }, { n: '1' }])
  const changed = (...made: Record<string, string>[]) => taskConfigsChanged(configs.snapshot(), 'c', made)
  assert.equal(changed({ n: '0' }, { n: '1' }), false)
  assert.equal(changed({ n: '0' }), true)
  assert.equal(changed({ n: '0' }, { n: '2' }), true)
  assert.equal(changed({ n: '0' }, { n: '1', more: '' }), true)

  await configs.putConnector('c', { a: '2' })
  assert.equal(changed({ n: '0' }, { n: '1' }), true)
})

test('settings that are incomplete have no tasks, and are replaced whatever comes', async () => {
  const configs = await storedConnector({}, [{ n: '0' }])
  const snapshot = { ...configs.snapshot(), inconsistent: new Set(['c']) }
  assert.deepEqual(tasksOf(snapshot, 'c'), [])
  assert.equal(taskConfigsChanged(snapshot, 'c', [{ n: '0' }]), true)
})

test('a task knows how many there are only with the settings that its connector has now', async () => {
  const configs = await storedConnector({ a: '1' }, [{ n: '0' }, { n: '1' }])
  const [, id] = tasksOf(configs.snapshot(), 'c')
  assert.ok(id !== undefined)
  assert.deepEqual(taskDefinition(configs.snapshot(), id), {
    id: { connector: 'c', task: 1 },
    connectorProps: { a: '1' },
    taskProps: { n: '1' },
    targetState: 'STARTED',
    taskCount: 2,
  })

  await configs.putConnector('c', { a: '2' })
  assert.equal(taskDefinition(configs.snapshot(), id).taskCount, undefined)
})

test('only keys that the task has get their variables back', () => {
  const connector = { a: '${env:A}', b: '${env:B}', c: 'plain', d: null }
  assert.deepEqual(withVariables([{ a: '1', c: 'other' }], connector), [{ a: '${env:A}', c: 'other' }])
})
