import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { FakeServer, serverError } from './fake-server.ts'
import { rules, snapshotOf } from './snapshot-run.ts'
import { gate } from '../work.ts'

const retriable = (message: RegExp) => (error: ConnectError) => {
  assert.equal(error.code, 'HR_RETRIABLE')
  assert.match(error.message, message)
  return true
}

/** One table in four blocks, and a second table. */
const divided = () =>
  new FakeServer([
    {
      name: 'ta',
      blocks: [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
        ['7', '8'],
      ],
    },
    { name: 'tb', blocks: [['9']] },
  ])

const parallel = { 'snapshot.max.threads': 2, 'snapshot.max.threads.multiplier': 2 }

test('parts are read at the same time; the first and the last record are those of the order', async () => {
  const server = divided()
  const slow = gate()
  server.beforeRow = (value) => (value === '2' ? slow.opened : undefined)
  // the other reader gets to the next table while this one waits in the first part
  server.beforeStatement = (sql) => {
    if (sql.includes('"tb" LIMIT 0')) slow.open()
  }
  const { result, texts } = snapshotOf(server, { config: parallel })
  await result
  const ids = texts().map((text) => text[0])
  assert.deepEqual([texts()[0], texts().at(-1)], ['1 first', '9 last'])
  assert.ok(ids.indexOf('2') > ids.indexOf('5'))
  assert.deepEqual(
    ids.toSorted((a = '', b = '') => Number(a) - Number(b)),
    ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  )
})

test('a part waits for the first row of the table', async () => {
  const server = divided()
  const firstRow = gate()
  const copies: string[] = []
  server.beforeRow = (value) => {
    copies.push(value)
    return value === '1' ? firstRow.opened : undefined
  }
  const { result, texts } = snapshotOf(server, { config: parallel })
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(copies, ['1'])
  firstRow.open()
  await result
  assert.equal(texts()[0], '1 first')
  assert.equal(texts().at(-1), '9 last')
})

test('an empty first part lets the others go on', async () => {
  const server = new FakeServer([{ name: 'ta', blocks: [[], ['3'], ['4'], []] }])
  const { result, texts } = snapshotOf(server, { config: parallel })
  await result
  assert.deepEqual(texts().length, 2)
  assert.equal(texts().at(-1), '4 last')
})

test('before PostgreSQL 14, and with legacy.snapshot.max.threads, a table has one part', async () => {
  const old = divided()
  old.version = 130_000
  await snapshotOf(old, { config: parallel }).result
  assert.equal(old.statements.filter((text) => text.includes('COPY')).length, 2)
  const legacy = divided()
  await snapshotOf(legacy, { config: { ...parallel, 'legacy.snapshot.max.threads': true } }).result
  assert.equal(legacy.statements.filter((text) => text.includes('COPY')).length, 2)
})

test('reading waits while the queue is full', async () => {
  const server = divided()
  const queue = gate()
  const read: string[] = []
  server.beforeRow = (value) => void read.push(value)
  const { result } = snapshotOf(server, { emit: () => queue.opened })
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(read, ['1'])
  queue.open()
  await result
  assert.equal(read.length, 9)
})

test('a reader that loses its connection reads only its part again, and says so', async () => {
  const server = divided()
  let lost = false
  server.beforeRow = (value, connection) => {
    if (value !== '4' || lost) return
    lost = true
    connection.lose()
  }
  const config = { 'snapshot.max.threads.multiplier': 4 }
  const { result, texts, log, progress } = snapshotOf(server, { config })
  assert.equal((await result).rows, 9)
  assert.deepEqual(
    texts().map((text) => text[0]),
    ['1', '2', '3', '3', '4', '5', '6', '7', '8', '9'],
  )
  assert.match(
    log.find((line) => line.startsWith('warn')) ?? '',
    /public\.ta, part 2 of 4 was lost after 1 rows/,
  )
  assert.match(progress.at(-1) ?? '', /^2 of 2 tables, 9 rows/)
  assert.equal(server.connections.length, 3)
  assert.equal(server.allClosed, true)
})

test('a table that readers cannot lock, because somebody waits to change it, is read where it is locked', async () => {
  const server = divided()
  server.beforeStatement = (sql, { number }) => {
    if (number > 0 && sql.startsWith('COPY') && sql.includes('"ta"') && !sql.includes("ctid < '(1,"))
      throw serverError('55P03', 'canceling statement due to lock timeout', true)
  }
  const { result, texts, log } = snapshotOf(server, { config: parallel })
  assert.equal((await result).rows, 9)
  const ids = texts().map((text) => Number(text[0]))
  assert.deepEqual(
    ids.toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  assert.equal(log.filter((line) => /changes public\.ta waits for the snapshot/.test(line)).length, 1)
  assert.equal(server.connections[0]?.statements.filter((sql) => sql.startsWith('COPY')).length, 3)
  assert.equal(server.allClosed, true)
})

test('a part is given up after three attempts', async () => {
  const server = divided()
  server.beforeRow = (value, connection) => {
    if (value === '4') connection.lose()
  }
  const { result } = snapshotOf(server)
  await assert.rejects(
    result,
    retriable(/starts over\. .*The snapshot of public\.ta has failed: the connection was lost/),
  )
  assert.equal(server.connections.length, 4)
  assert.equal(server.allClosed, true)
})

test('when the exported snapshot is gone, everything starts over', async () => {
  const server = divided()
  server.beforeRow = (value, connection) => {
    if (value === '4' && connection.number === 1) connection.lose()
  }
  server.beforeStatement = (sql, { number }) => {
    if (number > 1 && sql.includes('SET TRANSACTION'))
      throw serverError('22023', 'invalid snapshot identifier')
  }
  const { result, notices } = snapshotOf(server)
  await assert.rejects(result, retriable(/^The snapshot starts over\. .* snapshot exported by 0 is gone/))
  assert.deepEqual(notices.at(-1), { type: 'ABORTED' })
  assert.equal(server.connections.length, 3)
})

test('when the connection with the locks is lost, everything starts over, and says how much is repeated', async () => {
  const server = divided()
  server.beforeRow = (value) => {
    if (value === '4') server.connections[0]?.lose()
  }
  const { result } = snapshotOf(server)
  await assert.rejects(
    result,
    retriable(/starts over\. \d records of 1 tables are sent again\..* holds the snapshot and the locks/),
  )
  assert.equal(server.allClosed, true)
})

test('locks that are lost unnoticed fail the snapshot before its last record', async () => {
  const server = divided()
  server.beforeStatement = (sql) => {
    if (sql === 'COMMIT') throw serverError('57P01', 'terminating connection', true)
  }
  const { result, texts } = snapshotOf(server)
  await assert.rejects(result, retriable(/starts over/))
  assert.ok(!texts().some((text) => text.endsWith('last')))
})

test('connections to different servers are a permanent error about poolers', async () => {
  const server = divided()
  server.identity = (connection) => `server ${connection}`
  await assert.rejects(snapshotOf(server).result, (error: ConnectError) => {
    assert.equal(error.code, 'HR_CONNECT')
    assert.match(error.message, /connection pooler/)
    return true
  })
  const exported = { snapshotName: '0-1', consistentPoint: 90, server: 'another' }
  await assert.rejects(snapshotOf(divided(), { exported }).result, /connection pooler/)
})

test('a row that cannot be read fails the snapshot at once, and names the table', async () => {
  const server = divided()
  const failing = { ...rules, writer: failingWriter(new ConnectError('HR_DATA_INVALID', 'bad value')) }
  await assert.rejects(snapshotOf(server, { rules: failing }).result, (error: ConnectError) => {
    assert.equal(error.code, 'HR_DATA_INVALID')
    assert.match(error.message, /^The snapshot of public\.ta has failed: bad value$/)
    return true
  })
  assert.equal(server.connections.length, 2)
})

test('a retriable error of a row or of the queue is not mistaken for a lost connection', async () => {
  const server = divided()
  const error = new ConnectError('HR_RETRIABLE', 'not now')
  const failing = { ...rules, writer: failingWriter(error) }
  await assert.rejects(snapshotOf(server, { rules: failing }).result, /not now/)
  await assert.rejects(snapshotOf(server, { emit: () => Promise.reject(error) }).result, /not now/)
  assert.equal(server.connections.length, 4)
})

test('a stop ends all readers with its reason, and closes all connections', async () => {
  const server = divided()
  const reason = new Error('stopped')
  const never = gate()
  server.beforeRow = (value) => {
    if (value === '3') run.stop(reason)
    return value === '3' ? never.opened : undefined
  }
  const run = snapshotOf(server, { config: parallel })
  await assert.rejects(run.result, reason)
  assert.equal(server.allClosed, true)
  assert.ok(!run.texts().some((text) => text.endsWith('last')))
})

function failingWriter(error: Error): typeof rules.writer {
  return () => ({
    newChunk: () => undefined,
    read: () => {
      throw error
    },
  })
}
