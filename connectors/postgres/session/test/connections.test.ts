import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Connections } from '../connections.ts'

function closable(name: string, closed: string[]) {
  return {
    close: () => {
      closed.push(name)
      return Promise.resolve()
    },
  }
}

test('the newest connection is closed first, and each only once', async () => {
  const closed: string[] = []
  const connections = new Connections()
  await connections.open(Promise.resolve(closable('a', closed)))
  await connections.open(Promise.resolve(closable('b', closed)))
  await Promise.all([connections.close(), connections.close()])
  assert.deepEqual(closed, ['b', 'a'])
})

test('a connection that is still being opened when the session ends is closed when it is open', async () => {
  const closed: string[] = []
  const connections = new Connections()
  let open: (connection: ReturnType<typeof closable>) => void = () => {}
  const opening = connections.open(new Promise<ReturnType<typeof closable>>((resolve) => (open = resolve)))
  await connections.close()
  open(closable('late', closed))
  await opening
  assert.deepEqual(closed, ['late'])
})
