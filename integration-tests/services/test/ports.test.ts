import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startOnFreePorts } from '../processes/index.ts'

/** Prepares servers that fail with these messages, one after the other. Later ones start. */
function servers(...failures: readonly string[]) {
  const events: string[] = []
  let prepared = 0
  const prepare = async () => {
    const number = ++prepared
    const failure = failures[number - 1]
    return {
      number,
      start: async () => {
        events.push(`start ${number}`)
        if (failure !== undefined) throw new Error(failure)
      },
      kill: async () => void events.push(`kill ${number}`),
    }
  }
  return { events, prepare }
}

test('a server whose port was taken is killed, and another starts on other ports', async () => {
  const { events, prepare } = servers('listen EADDRINUSE', 'Address already in use')
  const { number } = await startOnFreePorts(prepare)
  assert.equal(number, 3)
  assert.deepEqual(events, ['start 1', 'kill 1', 'start 2', 'kill 2', 'start 3'])
})

test('a server that finds its ports taken three times is not tried again', async () => {
  const { events, prepare } = servers('EADDRINUSE 1', 'EADDRINUSE 2', 'EADDRINUSE 3')
  await assert.rejects(startOnFreePorts(prepare), /EADDRINUSE 3/)
  assert.equal(events.at(-1), 'kill 3')
})

test('a server that fails for another reason is killed and not tried again', async () => {
  const { events, prepare } = servers('no space left')
  await assert.rejects(startOnFreePorts(prepare), /no space left/)
  assert.deepEqual(events, ['start 1', 'kill 1'])
})
