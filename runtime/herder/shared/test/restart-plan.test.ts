import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstanceState } from '../../../stores/index.ts'
import type { ConnectorStateInfo } from '../../herder.ts'
import { impact, restartPlan, toRestart } from '../restart-plan.ts'

const instance = (state: InstanceState) => ({
  state,
  workerId: 'w:1',
  trace: null,
  version: '1',
  since: 0,
  restarts: 0,
})

const present: ConnectorStateInfo = {
  name: 'c',
  type: 'sink',
  connector: instance('RUNNING'),
  tasks: [
    { id: 0, ...instance('FAILED') },
    { id: 1, ...instance('RUNNING') },
  ],
}

for (const [onlyFailed, includeTasks, connector, tasks] of [
  [false, false, true, []],
  [false, true, true, [0, 1]],
  [true, false, false, []],
  [true, true, false, [0]],
] as const) {
  test(`a restart with onlyFailed=${onlyFailed} and includeTasks=${includeTasks} concerns ${JSON.stringify({ connector, tasks })}`, () => {
    const plan = restartPlan({ connector: 'c', onlyFailed, includeTasks }, present)
    assert.deepEqual(toRestart(plan), { connector, tasks })
  })
}

test('a plan does not modify the current states', () => {
  const plan = restartPlan({ connector: 'c', onlyFailed: true, includeTasks: true }, present)
  assert.deepEqual(
    plan.tasks.map(({ state }) => state),
    ['RESTARTING', 'RUNNING'],
  )
  assert.equal(present.tasks[0]?.state, 'FAILED')
})

test('a request that restarts more takes precedence', () => {
  const weights = [
    { onlyFailed: true, includeTasks: false },
    { onlyFailed: true, includeTasks: true },
    { onlyFailed: false, includeTasks: false },
    { onlyFailed: false, includeTasks: true },
  ].map((request) => impact({ connector: 'c', ...request }))
  assert.deepEqual(weights, [0, 1, 2, 3])
})
