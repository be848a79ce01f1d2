import assert from 'node:assert/strict'
import { test } from 'node:test'
import { npxEnded } from '../npx.ts'

test('a worker that npx started hears of the end of npx', async (t) => {
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

test('a worker that was started otherwise does not look at its parent', async () => {
  for (const command of [undefined, 'run-script']) {
    const ended = npxEnded({ env: { npm_command: command }, parent: () => assert.fail() }, 1)
    assert.equal(await Promise.race([ended.then(() => 'ended'), Promise.resolve('goes on')]), 'goes on')
  }
})
