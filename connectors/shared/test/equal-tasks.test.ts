import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sinkTaskContext } from '../../../testing/index.ts'
import { startEqualTasks } from '../equal-tasks.ts'

test('there are as many tasks as allowed, each with the settings of the connector', async () => {
  const props = { topics: 'a' }
  const { context } = sinkTaskContext({ props })
  const connector = startEqualTasks({}, { ...context, requestTaskReconfiguration: () => {} })
  assert.deepEqual(await connector.taskConfigs(1), [props])
  assert.deepEqual(await connector.taskConfigs(3), [props, props, props])
})
