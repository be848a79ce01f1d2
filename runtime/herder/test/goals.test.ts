import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InstanceState, TargetState } from '../../stores/index.ts'
import { reached, type GoalHerder } from '../goals.ts'
import type { ConnectorStateInfo } from '../herder.ts'

/** Creates a herder with the given target state, and states of the connector and its tasks. */
function herderWith(target: TargetState, states: readonly InstanceState[]): GoalHerder {
  const [connector, ...tasks] = states.map((state, id) => ({ id: id - 1, state }))
  return {
    targetState: () => target,
    status: () => ({ name: 'c', type: 'sink', connector, tasks }) as unknown as ConnectorStateInfo,
  }
}

test('a pause is pending until the worker has the new target state and all instances are paused', () => {
  const goal = reached('PAUSED')
  assert.equal(goal(herderWith('STARTED', ['RUNNING', 'RUNNING']), 'c', 0), undefined)
  assert.equal(goal(herderWith('PAUSED', ['PAUSED', 'RUNNING']), 'c', 0), undefined)
  assert.equal(goal(herderWith('PAUSED', ['PAUSED', 'PAUSED']), 'c', 0), 'reached')
})
