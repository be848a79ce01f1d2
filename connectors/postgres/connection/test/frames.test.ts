import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { FrameReader, type FrameHandler } from '../frames.ts'
import { frame, gate } from './fake-server.ts'

class FakeSocket extends EventEmitter {
  paused = false
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
}

function reading(handler: Partial<FrameHandler> = {}): {
  socket: FakeSocket
  reader: FrameReader
  seen: string[]
  driver: Buffer[]
} {
  const socket = new FakeSocket()
  const seen: string[] = []
  const driver: Buffer[] = []
  socket.on('data', (chunk: Buffer) => driver.push(chunk))
  const reader = new FrameReader(socket as unknown as Socket, {
    frame(type, bytes, start, end) {
      seen.push(`${String.fromCharCode(type)}:${bytes.toString('utf8', start, end)}`)
      return handler.frame?.(type, bytes, start, end)
    },
    endOfChunk() {
      seen.push('|')
      return handler.endOfChunk?.()
    },
    failed: (error) => seen.push(`failed: ${String(error)}`),
  })
  return { socket, reader, seen, driver }
}

const bytes = Buffer.concat([
  frame('d', 'one'),
  frame('d', ''),
  frame('N', 'a notice'),
  frame('d', 'x'.repeat(300)),
])
const expected = ['d:one', 'd:', 'N:a notice', `d:${'x'.repeat(300)}`]

test('messages are the same however the data is divided into chunks', () => {
  for (let size = 1; size <= bytes.length; size++) {
    const { socket, seen } = reading()
    let chunks = 0
    for (let at = 0; at < bytes.length; at += size, chunks++)
      socket.emit('data', Buffer.from(bytes.subarray(at, at + size)))
    assert.deepEqual(
      seen.filter((text) => text !== '|'),
      expected,
      `chunks of ${size} bytes`,
    )
    assert.equal(seen.filter((text) => text === '|').length, chunks)
  }
})

test('a message within a chunk is not copied, and one that spans chunks is copied once', () => {
  const buffers: Buffer[] = []
  const { socket } = reading({ frame: (_, buffer) => void buffers.push(buffer) })
  const chunk = Buffer.concat([frame('d', 'one'), frame('d', 'two').subarray(0, 6)])
  socket.emit('data', chunk)
  socket.emit('data', Buffer.concat([frame('d', 'two').subarray(6), frame('d', 'three')]))
  assert.equal(buffers[0], chunk)
  assert.equal(buffers[1]?.toString(), 'two')
  assert.equal(buffers.length, 3)
})

test('while the handler waits, the socket is paused and no message is passed on', async () => {
  const first = gate()
  const second = gate()
  const waits = [first.opened, second.opened]
  const { socket, reader, seen } = reading({ frame: () => waits.shift() })
  socket.emit('data', Buffer.concat([frame('d', '1'), frame('d', '2')]))
  socket.emit('data', frame('d', '3'))
  assert.deepEqual([seen, socket.paused, reader.waiting], [['d:1'], true, true])
  first.open()
  await first.opened
  assert.deepEqual([seen, socket.paused, reader.waiting], [['d:1', 'd:2'], true, true])
  second.open()
  await second.opened
  assert.deepEqual([seen, socket.paused, reader.waiting], [['d:1', 'd:2', '|', 'd:3', '|'], false, false])
})

test('endOfChunk may wait as well', async () => {
  const wait = gate()
  const waits = [wait.opened]
  const { socket, seen } = reading({ endOfChunk: () => waits.shift() })
  socket.emit('data', frame('d', '1'))
  socket.emit('data', frame('d', '2'))
  assert.deepEqual(seen, ['d:1', '|'])
  wait.open()
  await wait.opened
  assert.deepEqual(seen, ['d:1', '|', 'd:2', '|'])
})

test('what follows the last message goes to the driver when it gets the connection back', () => {
  const box: { reader?: FrameReader } = {}
  const { socket, reader, seen, driver } = reading({
    frame: (type) => {
      if (type === 'Z'.charCodeAt(0)) box.reader?.giveBack()
    },
  })
  box.reader = reader
  const rest = frame('S', 'parameter')
  socket.emit('data', Buffer.concat([frame('Z', 'I'), rest]))
  assert.deepEqual(seen, ['Z:I'])
  assert.deepEqual(Buffer.concat(driver), rest)
  socket.emit('data', rest)
  assert.equal(driver.length, 2)
})

test('a length that no message has, an error of the handler and a rejection end the reading', async () => {
  const broken = reading()
  broken.socket.emit('data', Buffer.from([100, 0, 0, 0, 3, 0, 0]))
  assert.match(broken.seen.join(), /^failed: ConnectError: The server sent a message of 3 bytes/)

  const throwing = reading({
    frame: () => {
      throw new Error('thrown')
    },
  })
  throwing.socket.emit('data', Buffer.concat([frame('d', '1'), frame('d', '2')]))
  assert.deepEqual(throwing.seen, ['d:1', 'failed: Error: thrown'])

  const rejecting = reading({ endOfChunk: () => Promise.reject(new Error('rejected')) })
  rejecting.socket.emit('data', frame('d', '1'))
  await new Promise(setImmediate)
  assert.deepEqual(rejecting.seen, ['d:1', '|', 'failed: Error: rejected'])
})
