import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type LogFields } from '../../../../api/index.ts'
import type { Database, Query } from '../../ports.ts'
import { validateWithConnection, type Connect } from '../connection-check.ts'
import { required } from './required.ts'

interface Server {
  readonly version: string
  readonly canStream: 't' | 'f'
}

/** A server that answers the two queries of the check, and counts its open connections. */
function fakeServer({ version, canStream }: Server) {
  let open = 0
  const query: Query = (sql) =>
    Promise.resolve([sql.includes('pg_roles') ? { can_stream: canStream } : { version }])
  const unused = () => Promise.reject(new Error('not part of the check'))
  const connect: Connect = () => {
    open++
    const close = () => {
      open--
      return Promise.resolve()
    }
    const ended = Promise.resolve(undefined)
    return Promise.resolve({ query, processId: 1, copyOut: unused, ended, close } satisfies Database)
  }
  return { connect, openConnections: () => open }
}

const healthy: Server = { version: '150018', canStream: 't' }
const failing =
  (error: Error): Connect =>
  () =>
    Promise.reject(error)

const messagesOf = async (connect: Connect, settings: Readonly<Record<string, string>> = {}) =>
  (await validateWithConnection({ ...required, ...settings }, connect)).map(({ key, message }) => {
    assert.equal(key, 'database.hostname')
    return message
  })

test('valid settings with a database that can be reached have no fault, and no connection stays open', async () => {
  const { connect, openConnections } = fakeServer(healthy)
  assert.deepEqual(await messagesOf(connect), [])
  assert.equal(openConnections(), 0)
})

test('nothing is connected to while a setting is invalid', async () => {
  let attempts = 0
  const connect: Connect = () => {
    attempts++
    return Promise.reject(new Error('unexpected'))
  }
  const faults = await validateWithConnection({ ...required, 'slot.name': 'A' }, connect)
  assert.deepEqual(
    faults.map(({ key }) => key),
    ['slot.name'],
  )
  assert.deepEqual(await validateWithConnection({ ...required, 'database.port': 'x' }, connect), [])
  assert.equal(attempts, 0)
})

test('an error of the server has its own message', async () => {
  const text = 'database "nope" does not exist'
  const cause = Object.assign(new Error(text), { code: '3D000', severity: 'FATAL' })
  const error = new ConnectError('HR_CONNECT', `Cannot connect: ${text}`, { cause })
  assert.deepEqual(await messagesOf(failing(error)), [
    `Error while validating connector config: FATAL: ${text}`,
  ])
})

test('a refused connection names the address', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const error = new ConnectError('HR_RETRIABLE', 'Cannot connect', { cause: new AggregateError([refused]) })
  assert.deepEqual(await messagesOf(failing(error)), [
    'Error while validating connector config: Connection to db:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.',
  ])
})

test('another error has our message', async () => {
  const error = new ConnectError('HR_CONNECT', 'Cannot read the certificate')
  assert.deepEqual(await messagesOf(failing(error)), [
    'Error while validating connector config: Cannot read the certificate',
  ])
})

test('a test that takes too long is given up', async () => {
  let aborted = false
  const connect: Connect = (_config, { signal }) =>
    new Promise((_resolve, reject) => {
      const keepAlive = setInterval(() => {}, 1000)
      signal.addEventListener('abort', () => {
        clearInterval(keepAlive)
        aborted = true
        reject(new Error('aborted'))
      })
    })
  assert.deepEqual(await messagesOf(connect, { 'connection.validation.timeout.ms': '1' }), [
    'Connection validation timed out after 1 ms',
  ])
  assert.equal(aborted, true)
})

test('read.only requires PostgreSQL 13', async () => {
  const { connect } = fakeServer({ ...healthy, version: '120022' })
  assert.deepEqual(await messagesOf(connect), [])
  assert.match((await messagesOf(connect, { 'read.only': 'true' }))[0] ?? '', /PostgreSQL 13 or later/)
})

test('a role without REPLICATION is only warned about', async () => {
  const warnings: (readonly [string, LogFields | undefined])[] = []
  const log = { warn: (text: string, fields?: LogFields) => void warnings.push([text, fields]) }
  const { connect } = fakeServer({ ...healthy, canStream: 'f' })
  assert.deepEqual(await validateWithConnection(required, connect, log), [])
  assert.equal(warnings.length, 1)
  assert.match(warnings[0]?.[0] ?? '', /reader .*REPLICATION/)
  assert.deepEqual(await validateWithConnection(required, fakeServer(healthy).connect, log), [])
  assert.equal(warnings.length, 1)
})

test('initial statements are not run', async () => {
  const seen: unknown[] = []
  const { connect } = fakeServer(healthy)
  await validateWithConnection(
    { ...required, 'database.initial.statements': 'SET x = 1' },
    (config, options) => {
      seen.push(config['database.initial.statements'])
      return connect(config, options)
    },
  )
  assert.deepEqual(seen, [null])
})
