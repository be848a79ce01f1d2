import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectorStateInfo, Herder, InstanceState, TargetState } from '../../runtime/index.ts'
import { reached, readWait } from '../waiting.ts'

for (const [given, ms] of [
  [undefined, 0],
  ['', 0],
  ['500ms', 500],
  ['10s', 10_000],
  ['7', 7000],
  [['2', '3'], 2000],
] as const) {
  test(`wait=${String(given)} waits ${ms} ms`, () => {
    assert.equal(readWait(given), ms)
  })
}

for (const given of ['61s', '-1', '1m', '1e3', 'x'.repeat(1000)]) {
  test(`wait=${given.slice(0, 10)} is rejected`, () => {
    assert.throws(() => readWait(given), { code: 'HR_BAD_REQUEST' })
  })
}

/** Creates a herder with the given target state, and states of the connector and its tasks. */
function herderWith(target: TargetState, states: readonly InstanceState[]): Herder {
  const [connector, ...tasks] = states.map((state, id) => ({ id: id - 1, state }))
  return {
    targetState: () => target,
    status: () => ({ name: 'c', type: 'sink', connector, tasks }) as unknown as ConnectorStateInfo,
  } as unknown as Herder
}

test('a pause is pending until the worker has the new target state and all instances are paused', () => {
  const goal = reached('PAUSED')
  assert.equal(goal(herderWith('STARTED', ['RUNNING', 'RUNNING']), 'c', 0), undefined)
  assert.equal(goal(herderWith('PAUSED', ['PAUSED', 'RUNNING']), 'c', 0), undefined)
  assert.equal(goal(herderWith('PAUSED', ['PAUSED', 'PAUSED']), 'c', 0), 'reached')
})
