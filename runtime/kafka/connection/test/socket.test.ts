import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { eventually } from '../../../timing/test/gate.ts'
import { endSocket, openSocket, resetSocket } from '../socket.ts'

const CHUNK = Buffer.alloc(64 * 1024)

/** Connects to a server that reads nothing before `resume`. */
async function connectToBusyServer(t: TestContext) {
  const server = createServer({ pauseOnConnect: true, highWaterMark: CHUNK.length })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const socket = openSocket({ host: '127.0.0.1', port, ssl: null, onConnect: () => {} })
  socket.on('error', () => {})
  await once(socket, 'connect')
  const [peer] = await accepted
  peer.on('error', () => {})
  return { socket, peer }
}

const QUIET_TURNS = 10

/** Writes until the system has accepted nothing for many turns, and returns how much it has accepted. */
async function fill(socket: Socket): Promise<number> {
  let accepted = -1
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    while (socket.writableLength < CHUNK.length) socket.write(CHUNK)
    await new Promise((resolve) => setTimeout(resolve, 20))
    const now = socket.bytesWritten - socket.writableLength
    if (now !== accepted) quiet = 0
    accepted = now
  }
  return accepted
}

/** Reads until the connection ends, and returns how much there was. */
async function drain(peer: Socket): Promise<number> {
  let read = 0
  peer.on('data', (chunk) => (read += chunk.length))
  // not by `once`, which rejects on the error of a connection that was reset
  const closed = new Promise((resolve) => peer.once('close', resolve))
  peer.resume()
  await closed
  return read
}

test('what the system has accepted but not sent is lost when a connection is reset, not when it is ended', async (t) => {
  const reset = await connectToBusyServer(t)
  const acceptedByReset = await fill(reset.socket)
  resetSocket(reset.socket)
  await eventually(() => reset.socket.closed)
  assert.ok((await drain(reset.peer)) < acceptedByReset)

  const ended = await connectToBusyServer(t)
  const acceptedByEnd = await fill(ended.socket)
  await endSocket(ended.socket)
  assert.ok((await drain(ended.peer)) >= acceptedByEnd)
})

test('an idle connection is reset at once', async (t) => {
  const { socket, peer } = await connectToBusyServer(t)
  const failed = once(peer, 'error') as Promise<[NodeJS.ErrnoException]>
  resetSocket(socket)
  peer.resume()
  const [error] = await failed
  assert.equal(error.code, 'ECONNRESET')
})
