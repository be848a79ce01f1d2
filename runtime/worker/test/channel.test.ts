import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, isConnectError } from '../../../api/index.ts'
import { gate, settle } from '../../timing/test/gate.ts'
import { Channel, receivedError, sentError, type Port } from '../channel.ts'

interface Methods {
  add(a: number, b: number): number
  fail(): never
  forever(): Promise<void>
  missing(): void
}

/** Two ports whose messages are cloned, as between processes. */
function connect() {
  const receivers: ((message: unknown) => void)[] = []
  const port = (own: number, other: number): Port => ({
    send: (message) => {
      const copy: unknown = structuredClone(message)
      setImmediate(() => receivers[other]?.(copy))
    },
    onMessage: (receive) => {
      receivers[own] = receive
    },
  })
  return { here: new Channel(port(0, 1)), there: new Channel(port(1, 0)) }
}

test('methods of the other process are called like local ones', async () => {
  const { here, there } = connect()
  there.serve({ add: (a: number, b: number) => a + b })

  assert.equal(await here.remote<Methods>().add(2, 3), 5)
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => here.remote<Methods>().add(n, n))), [2, 4, 6])
})

test('an error of the other process keeps its code, class, setting and cause', async () => {
  const { here, there } = connect()
  const cause = new RangeError('why')
  there.serve({
    fail: () => {
      throw new ConnectError('HR_DATA_INVALID', 'bad', { cause, configKey: 'k', javaClass: 'a.B' })
    },
  })

  await assert.rejects(here.remote<Methods>().fail(), (error: unknown) => {
    assert.ok(isConnectError(error) && isConnectError(error.cause))
    assert.deepEqual(
      [error.code, error.message, error.configKey, error.javaClass],
      ['HR_DATA_INVALID', 'bad', 'k', 'a.B'],
    )
    return error.cause.message === 'why' && error.cause.javaClass === 'RangeError'
  })
})

test('an unknown method is an error of the caller', async () => {
  const { here, there } = connect()
  there.serve({})

  await assert.rejects(here.remote<Methods>().missing(), /has no method missing/)
})

test('events reach their listeners', async () => {
  const { here, there } = connect()
  const heard: unknown[] = []
  there.serve({}, { said: (...words: unknown[]) => heard.push(words) })
  here.emit('said', 'a', 1)
  here.emit('unheard')
  await settle()
  await settle()

  assert.deepEqual(heard, [['a', 1]])
})

test('pending and later calls to an exited process are rejected', async () => {
  const { here, there } = connect()
  there.serve({ forever: () => gate().opened })
  const open = here.remote<Methods>().forever()
  here.close(new ConnectError('HR_TASK_PROCESS_LOST', 'gone'))

  await assert.rejects(open, { code: 'HR_TASK_PROCESS_LOST' })
  await assert.rejects(here.remote<Methods>().forever(), { code: 'HR_TASK_PROCESS_LOST' })
})

test('the remote object can be awaited', async () => {
  const { here } = connect()
  const remote = here.remote<Methods>()

  assert.equal(await Promise.resolve(remote), remote)
})

test('cyclic causes are cut off', () => {
  const error = new Error('round')
  error.cause = error

  assert.equal(receivedError(sentError(error)).message, 'round')
})
