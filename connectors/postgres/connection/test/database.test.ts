import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import type { Database, Row, RowConsumer } from '../../ports.ts'
import { connect } from '../database.ts'
import {
  copyOutStarts,
  done,
  errorResponse,
  fakeServer,
  frame,
  gate,
  oneRow,
  ready,
  type FakeConnection,
  type FakeServer,
  type FakeServerOptions,
} from './fake-server.ts'

const signal = new AbortController().signal
const options = { applicationName: 'headrace test', signal }
const rowFrame = (text: string): Buffer => frame('d', `${text}\n`)

interface Connected {
  readonly fake: FakeServer
  readonly database: Database
  readonly server: FakeConnection
}

async function connected(t: TestContext, settings: FakeServerOptions['settings'] = {}): Promise<Connected> {
  const fake = await fakeServer(t, { settings })
  const database = await connect(fake.config, options)
  t.after(() => database.close())
  return { fake, database, server: await fake.connection() }
}

function collecting(texts: string[], consumer: Partial<RowConsumer> = {}): RowConsumer {
  return {
    row(row: Row) {
      const cells = [...row.starts].map((start, cell) => row.bytes.toString('utf8', start, row.ends[cell]))
      texts.push(cells.join(','))
      return consumer.row?.(row)
    },
    endOfChunk: () => consumer.endOfChunk?.(),
  }
}

test('values are text, and NULL is null', async (t) => {
  const { database, server } = await connected(t)
  const rows = database.query('SELECT …')
  await server.next('Q')
  server.send(oneRow({ number: '12345678901234567890', nothing: null, time: '2020-01-01 00:00:00+00' }))
  assert.deepEqual(await rows, [
    { number: '12345678901234567890', nothing: null, time: '2020-01-01 00:00:00+00' },
  ])
  assert.equal(database.processId, 7)
})

test('statements run one after the other', async (t) => {
  const { database, server } = await connected(t)
  const both = Promise.all([database.query('SELECT 1'), database.query('SELECT 2')])
  assert.match((await server.next('Q')).toString(), /SELECT 1/)
  server.send(oneRow({ n: '1' }))
  assert.match((await server.next('Q')).toString(), /SELECT 2/)
  server.send(oneRow({ n: '2' }))
  assert.deepEqual(await both, [[{ n: '1' }], [{ n: '2' }]])
})

test('a statement that takes too long is cancelled', async (t) => {
  const { fake, database, server } = await connected(t, { 'database.query.timeout.ms': 20 })
  const rejected = assert.rejects(database.query('SELECT pg_sleep(9)'), {
    code: 'HR_RETRIABLE',
    message: /run SELECT pg_sleep\(9\) within 20 ms/,
  })
  await fake.cancelRequest()
  server.send(errorResponse('57014', 'canceling statement due to user request'), ready)
  await rejected
})

test('initial statements run at the start, and an error does not show them', async (t) => {
  const fake = await fakeServer(t, {
    settings: { 'database.initial.statements': "SET a.b = 'hidden'; SET c" },
  })
  const connecting = connect(fake.config, options)
  const rejected = assert.rejects(connecting, (error: Error) => {
    assert.match(
      error.message,
      /^database\.initial\.statements: statement 2 failed: no c \(SQLSTATE 42601\)$/,
    )
    assert.ok(!inspect(error, { depth: 9 }).includes('hidden'))
    return true
  })
  const server = await fake.connection()
  assert.match((await server.next('Q')).toString(), /SET a\.b = 'hidden'/)
  server.send(done('SET'), ready)
  await server.next('Q')
  server.send(errorResponse('42601', 'no c'), ready)
  await server.next('X')
  server.socket.end()
  await rejected
})

test('the next host is tried when one cannot be reached', async (t) => {
  const fake = await fakeServer(t)
  const port = fake.config['database.port']
  const closed = { 'database.hostname': `127.0.0.1:1,127.0.0.1:${port}`, 'database.port': 2 }
  const database = await connect({ ...fake.config, ...closed }, options)
  ;(await fake.connection()).socket.destroy()
  await database.close()
  await assert.rejects(connect({ ...fake.config, 'database.hostname': '127.0.0.1:1' }, options), {
    code: 'HR_RETRIABLE',
    message: /PostgreSQL at 127\.0\.0\.1:1, database "shop": .*ECONNREFUSED/,
  })
})

test('a refused password is a permanent error that does not show it', async (t) => {
  const refusal = errorResponse('28P01', 'password authentication failed for user "reader"', 'FATAL')
  const fake = await fakeServer(t, { refusal })
  await assert.rejects(connect(fake.config, options), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'HR_CONNECT')
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes('s3cret'))
    return true
  })
})

test('connecting ends when the signal is aborted, or the server does not answer in time', async (t) => {
  const fake = await fakeServer(t, { silent: true })
  const reason = new Error('stopped')
  await assert.rejects(connect(fake.config, { ...options, signal: AbortSignal.abort(reason) }), reason)
  const abort = new AbortController()
  const aborted = assert.rejects(connect(fake.config, { ...options, signal: abort.signal }), reason)
  abort.abort(reason)
  await aborted
  await assert.rejects(connect(fake.config, { ...options, timeoutMs: 30 }), {
    code: 'HR_RETRIABLE',
    message: /did not answer within 30 ms/,
  })
})

test('the error that ends a connection is that of its statements', async (t) => {
  const { database, server } = await connected(t)
  const rejected = assert.rejects(database.query('SELECT 1'), { code: 'HR_RETRIABLE', message: /57P01/ })
  await server.next('Q')
  server.socket.end(errorResponse('57P01', 'terminating connection', 'FATAL'))
  await rejected
  assert.match((await database.ended)?.message ?? '', /57P01/)
  await assert.rejects(database.query('SELECT 1'), /57P01/)
})

test('COPY passes rows on, and the connection can be used again', async (t) => {
  const { database, server } = await connected(t)
  const texts: string[] = []
  const copy = database.copyOut('COPY t TO STDOUT', 2, collecting(texts), signal)
  const query = database.query('SELECT 1')
  await server.next('Q')
  const end = Buffer.concat([frame('c'), done('COPY 2'), ready])
  const all = Buffer.concat([copyOutStarts(2), rowFrame('1\ta\\tb'), rowFrame('2\tü'), end])
  for (let at = 0; at < all.length; at += 7) server.send(all.subarray(at, at + 7))
  assert.equal(await copy, 2)
  assert.deepEqual(texts, ['1,a\tb', '2,ü'])
  await server.next('Q')
  server.send(oneRow({ n: '1' }))
  assert.deepEqual(await query, [{ n: '1' }])
})

test('a consumer that waits stops the reading', async (t) => {
  const { database, server } = await connected(t)
  const texts: string[] = []
  const waiting = gate()
  const go = gate()
  const endOfChunk = () => {
    if (texts.length === 0) return undefined
    waiting.open()
    return go.opened
  }
  const copy = database.copyOut('COPY t TO STDOUT', 1, collecting(texts, { endOfChunk }), signal)
  await server.next('Q')
  server.send(copyOutStarts(1), rowFrame('1'))
  await waiting.opened
  const rest = Buffer.concat([rowFrame('2'), frame('c'), done('COPY 2'), ready])
  await new Promise((resolve) => server.socket.write(rest, resolve))
  assert.deepEqual(texts, ['1'])
  go.open()
  assert.equal(await copy, 2)
})

test('an abort cancels COPY, even while the consumer waits, and discards the remaining rows', async (t) => {
  const { fake, database, server } = await connected(t)
  const abort = new AbortController()
  const texts: string[] = []
  const reason = new Error('stopped')
  const endOfChunk = () => {
    if (texts.length === 0) return undefined
    abort.abort(reason)
    return new Promise<void>(() => undefined)
  }
  const rejected = assert.rejects(
    database.copyOut('COPY t TO STDOUT', 1, collecting(texts, { endOfChunk }), abort.signal),
    reason,
  )
  await server.next('Q')
  server.send(copyOutStarts(1), rowFrame('1'))
  await fake.cancelRequest()
  server.send(rowFrame('2'), errorResponse('57014', 'canceling statement due to user request'), ready)
  await rejected
  assert.deepEqual(texts, ['1'])
  const query = database.query('SELECT 1')
  await server.next('Q')
  server.send(oneRow({ n: '1' }))
  await query
})

test('COPY rejects with the error of the consumer, of the server, of a wrong row and of the connection', async (t) => {
  const failing = collecting([], {
    row: () => {
      throw new Error('no room')
    },
  })
  for (const [messages, consumer, expected] of [
    [[rowFrame('1')], failing, /no room/],
    [[rowFrame('1\t2')], collecting([]), /more than 1 columns/],
    [[errorResponse('22P02', 'invalid text'), ready], collecting([]), /read rows with COPY: invalid text/],
    [[frame('T', '\0\0'), done('SELECT 0'), ready], collecting([]), /not COPY … TO STDOUT/],
    [[], collecting([]), /Connection terminated|ECONNRESET/],
  ] as const) {
    const { fake, database, server } = await connected(t)
    const rejected = assert.rejects(database.copyOut('COPY t TO STDOUT', 1, consumer, signal), expected)
    await server.next('Q')
    if (messages.length === 0) server.socket.destroy()
    else server.send(...(expected.source.startsWith('not') ? [] : [copyOutStarts(1)]), ...messages)
    if (messages.length === 1) {
      await fake.cancelRequest()
      server.send(errorResponse('57014', 'canceling statement due to user request'), ready)
    }
    await rejected
  }
})
