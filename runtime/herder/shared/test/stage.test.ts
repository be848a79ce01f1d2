import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gate } from '../../../timing/test/gate.ts'
import { StageTracker } from '../stage.ts'

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`

test('during a step, the summary names the step and its start time', async () => {
  const stages = new StageTracker()
  const step = gate<string>()
  const done = stages.during('restarting task a-0', () => step.opened)

  assert.match(
    stages.summary(),
    new RegExp(`^The worker is currently restarting task a-0, which began at ${TIME}\\.$`),
  )
  step.open('result')
  assert.equal(await done, 'result')
})

test('after a step, the summary says that it has completed, even if it failed', async () => {
  const stages = new StageTracker()
  const failing = stages.during('ensuring membership in the cluster', () => {
    throw new RangeError('no')
  })

  await assert.rejects(failing, new RangeError('no'))
  assert.match(
    stages.summary(),
    new RegExp(
      `^The last operation the worker completed was ensuring membership in the cluster, ` +
        `which began at ${TIME} and completed at ${TIME}\\.$`,
    ),
  )
})

test('while one of several steps is running, the summary names it', async () => {
  const stages = new StageTracker()
  const [long, short] = [gate(), gate()]
  const goingOn = stages.during('writing a config for connector a to the config topic', () => long.opened)
  const over = stages.during('writing a config for connector b to the config topic', () => short.opened)
  short.open()
  await over

  assert.match(
    stages.summary(),
    /^The worker is currently writing a config for connector a to the config topic, /,
  )
  long.open()
  await goingOn
  assert.match(
    stages.summary(),
    /^The last operation the worker completed was writing a config for connector a /,
  )
})

test('before the first step, the worker is awaiting startup', () => {
  assert.match(new StageTracker().summary(), /^The worker is currently awaiting startup, which began at /)
})
