import assert from 'node:assert/strict'
import { test } from 'node:test'
import { npxEnded } from '../npx.ts'

test('npxEnded resolves when the npx that started the worker exits', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let parent = 7
  let ended = false
  const end = npxEnded({ env: { npm_command: 'exec' }, parent: () => parent }, 10).then(() => {
    ended = true
  })
  t.mock.timers.tick(50)
  await Promise.resolve()
  assert.equal(ended, false)
  parent = 1
  t.mock.timers.tick(10)
  await end
})

test('npxEnded never checks the parent of a worker that npx did not start', async () => {
  for (const command of [undefined, 'run-script']) {
    const ended = npxEnded({ env: { npm_command: command }, parent: () => assert.fail() }, 1)
    assert.equal(await Promise.race([ended.then(() => 'ended'), Promise.resolve('pending')]), 'pending')
  }
})
