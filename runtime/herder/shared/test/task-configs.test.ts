import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taskConfigsChanged, taskDefinition, tasksOf, withVariables } from '../task-configs.ts'
import { storedConnector } from './stored.ts'

test('task configs have changed if their number, a value or the config of the connector has changed', async () => {
  const configs = await storedConnector({ a: '1' }, [{ n: '0' }, { n: '1' }])
  const changed = (...made: Record<string, string>[]) => taskConfigsChanged(configs.snapshot(), 'c', made)
  assert.equal(changed({ n: '0' }, { n: '1' }), false)
  assert.equal(changed({ n: '0' }), true)
  assert.equal(changed({ n: '0' }, { n: '2' }), true)
  assert.equal(changed({ n: '0' }, { n: '1', more: '' }), true)

  await configs.putConnector('c', { a: '2' })
  assert.equal(changed({ n: '0' }, { n: '1' }), true)
})

test('incomplete task configs count as no tasks, and are always replaced', async () => {
  const configs = await storedConnector({}, [{ n: '0' }])
  const snapshot = { ...configs.snapshot(), inconsistent: new Set(['c']) }
  assert.deepEqual(tasksOf(snapshot, 'c'), [])
  assert.equal(taskConfigsChanged(snapshot, 'c', [{ n: '0' }]), true)
})

test('the task count is set only if the task configs belong to the current config of the connector', async () => {
  const configs = await storedConnector({ a: '1' }, [{ n: '0' }, { n: '1' }])
  const [, id] = tasksOf(configs.snapshot(), 'c')
  assert.ok(id !== undefined)
  assert.deepEqual(taskDefinition(configs.snapshot(), id), {
    id: { connector: 'c', task: 1 },
    connectorProps: { a: '1' },
    taskProps: { n: '1' },
    targetState: 'STARTED',
    taskCount: 2,
    generation: 0,
  })

  await configs.putConnector('c', { a: '2' })
  assert.equal(taskDefinition(configs.snapshot(), id).taskCount, undefined)
})

test('variables are restored only for keys that the task config contains', () => {
  const connector = { a: '${env:A}', b: '${env:B}', c: 'plain', d: null }
  assert.deepEqual(withVariables([{ a: '1', c: 'other' }], connector), [{ a: '${env:A}', c: 'other' }])
})
