import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { asConnectError, serverErrorFrom, sqlStateOf } from '../failures.ts'
import { errorResponse } from './fake-server.ts'

function ofServer(code: string, message: string): ConnectError {
  const bytes = errorResponse(code, message)
  return asConnectError(serverErrorFrom(bytes, 5, bytes.length), 'do this', 'reader')
}

test('errors that pass by themselves are retriable', () => {
  for (const [code, message] of [
    ['57P01', 'terminating connection due to administrator command'],
    ['57P02', 'terminating connection because of crash of another server process'],
    ['57P03', 'the database system is starting up'],
    ['53300', 'sorry, too many clients already'],
    ['53300', 'number of requested standby connections exceeds max_wal_senders (currently 2)'],
    ['53100', 'could not extend file: No space left on device'],
    ['53200', 'out of memory'],
    ['08006', 'connection failure'],
    ['40001', 'could not serialize access'],
    ['57014', 'canceling statement due to user request'],
    ['55P03', 'canceling statement due to lock timeout'],
    ['55006', 'replication slot "s" is active for PID 7'],
    ['25P03', 'terminating connection due to idle-in-transaction timeout'],
    ['XX000', 'something unexpected'],
  ] as const) {
    assert.equal(ofServer(code, message).code, 'HR_RETRIABLE', `${code} ${message}`)
  }
})

test('errors that need somebody to act are permanent, and say what to do', () => {
  for (const [code, message, remedy] of [
    ['28P01', 'password authentication failed for user "reader"', /database\.password/],
    ['28000', 'no pg_hba.conf entry for replication connection', /pg_hba\.conf/],
    ['3D000', 'database "x" does not exist', /database\.dbname/],
    ['42501', 'permission denied for table orders', /GRANT SELECT ON "orders" TO "reader"/],
    ['42501', 'permission denied for schema shop', /GRANT USAGE ON SCHEMA "shop" TO "reader"/],
    ['42501', 'permission denied for database d', /GRANT CREATE ON DATABASE "d" TO "reader"/],
    ['42501', 'must be superuser or replication role to start walsender', /ALTER ROLE "reader" REPLICATION/],
    ['42501', 'permission denied to start WAL sender', /ALTER ROLE "reader" REPLICATION/],
    ['42501', 'must be superuser to create FOR ALL TABLES publication', /autocreate\.mode=filtered/],
    ['42501', 'must be owner of table orders', /the owner/],
    ['42704', 'publication "p" does not exist', /publication\.name/],
    ['42704', 'replication slot "s" does not exist', /slot\.name/],
    ['53400', 'all replication slots are in use', /max_replication_slots/],
    ['55000', 'logical decoding requires wal_level >= logical', /wal_level=logical/],
    ['55000', 'can no longer get changes from replication slot "s"', /new snapshot/],
    ['55000', 'can no longer access replication slot "s"', /new snapshot/],
    ['58P01', 'requested WAL segment 00000001000000000000000A has already been removed', /new snapshot/],
    ['57P04', 'terminating connection because the database was dropped', /dropped/],
    ['25006', 'cannot execute CREATE PUBLICATION in a read-only transaction', /primary/],
    ['42601', 'syntax error at or near "x"', /SQLSTATE 42601/],
  ] as const) {
    const error = ofServer(code, message)
    assert.equal(error.code, 'HR_CONNECT', `${code} ${message}`)
    assert.match(error.message, remedy)
  }
})

test('the message has the action, the reason and the SQLSTATE, which stays available', () => {
  const error = ofServer('53100', 'disk full')
  assert.equal(error.message, 'Cannot do this: disk full (SQLSTATE 53100). Free disk space on the server.')
  assert.equal(sqlStateOf(error), '53100')
  assert.equal(sqlStateOf(new ConnectError('HR_CONNECT', 'outer', { cause: error })), '53100')
  assert.equal(sqlStateOf(new Error('other')), undefined)
})

test('too few locks for many tables: the message names the setting', () => {
  assert.match(ofServer('53200', 'out of shared memory').message, /Raise max_locks_per_transaction/)
  assert.doesNotMatch(ofServer('53200', 'out of memory').message, /max_locks/)
})

test('errors of the network are retriable, those of certificates are permanent', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EPIPE']) {
    assert.equal(asConnectError(Object.assign(new Error(code), { code }), 'connect').code, 'HR_RETRIABLE')
  }
  for (const code of ['SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
    const error = asConnectError(Object.assign(new Error('not good'), { code }), 'connect')
    assert.deepEqual([error.code, /sslrootcert/.test(error.message)], ['HR_CONNECT', true])
  }
  const noTls = asConnectError(new Error('The server does not support SSL connections'), 'connect')
  assert.match(noTls.message, /database\.sslmode/)
})

test('an error without a message names its parts or its code', () => {
  const parts = [new Error('connect ECONNREFUSED ::1:5432'), new Error('connect ECONNREFUSED 127.0.0.1:5432')]
  const both = asConnectError(new AggregateError(parts), 'connect')
  assert.equal(
    both.message,
    'Cannot connect: connect ECONNREFUSED ::1:5432, connect ECONNREFUSED 127.0.0.1:5432.',
  )
  assert.equal(
    asConnectError(Object.assign(new Error(''), { code: 'EIO' }), 'read').message,
    'Cannot read: EIO.',
  )
})

test('a ConnectError stays as it is', () => {
  const error = new ConnectError('HR_DATA_INVALID', 'wrong row')
  assert.equal(asConnectError(error, 'read'), error)
})
