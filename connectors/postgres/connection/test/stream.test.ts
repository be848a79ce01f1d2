import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ReplicationStream, WalConsumer } from '../../ports.ts'
import { readLsn } from '../lsn.ts'
import { connectReplication } from '../replication.ts'
import {
  copyBothStarts,
  errorResponse,
  fakeServer,
  frame,
  gate,
  keepalive,
  oneRow,
  ready,
  xlogData,
  type FakeConnection,
  type FakeServerOptions,
} from './fake-server.ts'

const options = {
  applicationName: 'headrace test',
  signal: new AbortController().signal,
  createSlotTimeoutMs: 5000,
}
const start = {
  slot: 'orders',
  lsn: 0x1_0000_0010,
  parameters: { proto_version: '1', publication_names: `"it's"` },
}

interface Streaming {
  readonly server: FakeConnection
  readonly stream: ReplicationStream
  readonly seen: string[]
  readonly command: string
}

async function streaming(
  t: TestContext,
  { consumer = {}, ...server }: FakeServerOptions & { readonly consumer?: Partial<WalConsumer> } = {},
): Promise<Streaming> {
  const fake = await fakeServer(t, server)
  const connection = await connectReplication(fake.config, options)
  t.after(() => connection.close())
  const client = await fake.connection()
  const seen: string[] = []
  const starting = connection.start(start, {
    message(bytes, from, to, lsn) {
      seen.push(`${lsn}:${bytes.toString('utf8', from, to)}`)
      return consumer.message?.(bytes, from, to, lsn)
    },
    keepalive(walEnd) {
      seen.push(`keepalive ${walEnd}`)
      return consumer.keepalive?.(walEnd)
    },
    endOfChunk: () => consumer.endOfChunk?.(),
  })
  const query = await client.next('Q')
  client.send(copyBothStarts)
  return {
    server: client,
    stream: await starting,
    seen,
    command: query.toString('utf8', 5, query.length - 1),
  }
}

interface Status {
  readonly written: number
  readonly flushed: number
  readonly applied: number
  readonly reply: boolean
}

async function nextStatus(server: FakeConnection): Promise<Status> {
  const message = await server.next('d')
  assert.equal(message.length, 39)
  assert.equal(message.toString('latin1', 5, 6), 'r')
  const age = Date.now() - 946_684_800_000 - readLsn(message, 30) / 1000
  assert.ok(Math.abs(age) < 60_000, `the time of the status is ${age} ms old`)
  const [written, flushed, applied] = [6, 14, 22].map((at) => readLsn(message, at))
  return { written: written ?? 0, flushed: flushed ?? 0, applied: applied ?? 0, reply: message[38] === 1 }
}

test('the stream starts with the slot, the position and the parameters, and reports itself at once', async (t) => {
  const { server, command } = await streaming(t)
  assert.equal(
    command,
    `START_REPLICATION SLOT "orders" LOGICAL 1/10 ("proto_version" '1', "publication_names" '"it''s"')`,
  )
  assert.equal(server.startup.get('replication'), 'database')
  assert.equal(server.startup.get('application_name'), 'headrace test')
  assert.deepEqual(await nextStatus(server), { written: 0, flushed: 0, applied: 0, reply: false })
})

test('messages and keepalives reach the consumer in order, also from one chunk', async (t) => {
  const all = gate()
  const { server, seen } = await streaming(t, { consumer: { keepalive: () => all.open() } })
  server.send(
    xlogData(100, 'B…'),
    xlogData(0, 'R'),
    frame('N', 'a notice'),
    xlogData(120, ''),
    keepalive(200, false),
  )
  await all.opened
  assert.deepEqual(seen, ['100:B…', '0:R', '120:', 'keepalive 200'])
})

test('a keepalive is answered with what was received, and only confirm moves flushed and applied', async (t) => {
  const { server, stream } = await streaming(t)
  await nextStatus(server)
  server.send(xlogData(100, 'C'), keepalive(150, true))
  assert.deepEqual(await nextStatus(server), { written: 150, flushed: 0, applied: 0, reply: false })
  stream.confirm(100)
  assert.deepEqual(await nextStatus(server), { written: 150, flushed: 100, applied: 100, reply: false })
})

test('confirmations of one turn of the event loop are one update, and never move back', async (t) => {
  const { server, stream } = await streaming(t)
  await nextStatus(server)
  for (const lsn of [5, 9, 7]) stream.confirm(lsn)
  assert.equal((await nextStatus(server)).flushed, 9)
  stream.confirm(8)
  server.send(keepalive(20, true))
  assert.deepEqual(await nextStatus(server), { written: 20, flushed: 9, applied: 9, reply: false })
})

test('while the consumer waits, no further message is passed on, and the server still gets updates', async (t) => {
  const wait = gate()
  const all = gate()
  const { server, seen } = await streaming(t, {
    walSenderTimeoutMs: 60,
    consumer: { message: () => wait.opened, keepalive: () => all.open() },
  })
  server.send(xlogData(100, 'I'), keepalive(200, true))
  // Longer than wal_sender_timeout: the silence is the consumer's, not the server's.
  for (let update = 0; update < 10; update++) await nextStatus(server)
  assert.deepEqual(seen, ['100:I'])
  wait.open()
  await all.opened
  assert.deepEqual(seen, ['100:I', 'keepalive 200'])
})

test('updates come three times within wal_sender_timeout, and ask for an answer when the server is silent', async (t) => {
  const { server } = await streaming(t, { walSenderTimeoutMs: 300 })
  await nextStatus(server)
  const from = performance.now()
  const updates = [await nextStatus(server), await nextStatus(server)]
  assert.ok(performance.now() - from < 5000)
  assert.deepEqual(updates.map(({ reply }) => reply).at(-1), true)
})

test('a server that does not answer for longer than wal_sender_timeout is given up', async (t) => {
  const { stream } = await streaming(t, { walSenderTimeoutMs: 60 })
  const { retriable, message } = await endOf(stream)
  assert.ok(retriable)
  assert.match(message, /has not answered for \d+ ms/)
})

test('close sends the last confirmation before it ends the stream and the connection', async (t) => {
  const { server, stream } = await streaming(t)
  await nextStatus(server)
  stream.confirm(77)
  const closed = stream.close()
  assert.equal((await nextStatus(server)).flushed, 77)
  await server.next('c')
  await server.next('X')
  server.socket.end()
  await closed
  assert.equal(await stream.ended, undefined)
})

test('close does not wait for a consumer that waits', async (t) => {
  const began = gate()
  const never = gate()
  const { server, stream, seen } = await streaming(t, {
    consumer: {
      message: () => {
        began.open()
        return never.opened
      },
    },
  })
  server.send(xlogData(1, 'I'), xlogData(2, 'I'))
  await began.opened
  const closed = stream.close()
  await server.next('X')
  server.socket.end()
  await closed
  never.open()
  await never.opened
  assert.deepEqual(seen, ['1:I'])
})

test('the end of the stream, of the connection, and an error of the server end it with a reason', async (t) => {
  for (const [messages, expected] of [
    [[frame('c')], { retriable: true, message: /has ended the stream/ }],
    [[], { retriable: true, message: /Connection terminated|was closed|ECONNRESET/ }],
    [[errorResponse('57P01', 'terminating connection', 'FATAL')], { retriable: true, message: /57P01/ }],
    [
      [errorResponse('42704', 'publication "p" does not exist')],
      { retriable: false, message: /publication\.autocreate\.mode/ },
    ],
  ] as const) {
    const { server, stream } = await streaming(t)
    if (messages.length === 0) server.socket.destroy()
    else server.send(...messages)
    const { retriable, message } = await endOf(stream)
    assert.equal(retriable, expected.retriable)
    assert.match(message, expected.message)
  }
})

test('an error of the consumer ends the stream with it', async (t) => {
  const error = new Error('cannot decode')
  const { server, stream } = await streaming(t, { consumer: { message: () => Promise.reject(error) } })
  server.send(xlogData(1, 'I'))
  assert.equal(await stream.ended, error)
})

test('a refused start names the application that holds the slot, and leaves the connection usable', async (t) => {
  const fake = await fakeServer(t)
  const connection = await connectReplication(fake.config, options)
  t.after(() => connection.close())
  const client = await fake.connection()
  const refused = assert.rejects(connection.start(start, { message() {}, keepalive() {}, endOfChunk() {} }), {
    code: 'HR_RETRIABLE',
    message: /active for PID 4 .*used by application "other", role "r", from 10\.0\.0\.1 \(process 4\)/,
  })
  await client.next('Q')
  client.send(errorResponse('55006', 'replication slot "orders" is active for PID 4'), ready)
  await client.next('Q')
  client.send(oneRow({ pid: '4', application: 'other', role: 'r', address: '10.0.0.1' }))
  await refused
})

async function endOf(stream: ReplicationStream): Promise<{ retriable: boolean; message: string }> {
  const error = await stream.ended
  assert.ok(error !== undefined && 'retriable' in error)
  return { retriable: error.retriable === true, message: error.message }
}
