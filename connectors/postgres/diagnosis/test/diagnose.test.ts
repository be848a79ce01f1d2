import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import type { connect } from '../../connection/database.ts'
import { fakeDatabase } from '../../slot/test/fake-database.ts'
import { serverError } from '../../slot/test/fake-query.ts'
import { diagnoseFake, idsOf, serverRow } from './fake-server.ts'

const refused =
  (error: Error): typeof connect =>
  () =>
    Promise.reject(error)

test('a healthy server has no finding', async () => {
  assert.deepEqual(idsOf(await diagnoseFake()), [])
})

test('a connection that fails is one finding, by its reason', async () => {
  for (const [error, id] of [
    [serverError('28P01'), 'authentication'],
    [serverError('3D000'), 'database-missing'],
    [serverError('53300'), 'too-many-connections'],
    [new ConnectError('HR_RETRIABLE', 'Cannot connect: ECONNREFUSED.'), 'server-unreachable'],
    [new ConnectError('HR_CONFIG_INVALID', 'database.initial.statements: …'), 'initial-statements'],
  ] as const) {
    const findings = await diagnoseFake({ connect: refused(error) })
    assert.deepEqual(
      findings.map(({ id: found, severity }) => [found, severity]),
      [[id, 'error']],
    )
    assert.ok(findings[0]?.remedy)
  }
})

test('initial statements that write are left out; the connection is read-only in any case', async () => {
  const initial: string[] = []
  const { connect } = fakeDatabase(() => Promise.resolve([]))
  await diagnoseFake({
    settings: { 'database.initial.statements': 'INSERT INTO starts DEFAULT VALUES' },
    connect: (config, options) => {
      initial.push(config['database.initial.statements'] ?? '')
      return initial.length === 1
        ? Promise.reject(new ConnectError('HR_CONFIG_INVALID', 'statement 2 failed (SQLSTATE 25006)'))
        : connect(config, options)
    },
  })
  assert.deepEqual(initial, [
    'SET default_transaction_read_only = on; INSERT INTO starts DEFAULT VALUES',
    'SET default_transaction_read_only = on',
  ])
})

test('a check that fails is a finding, and the others go on', async () => {
  const findings = await diagnoseFake({
    answers: {
      max_wal_senders: serverError('42501'),
      server_version_num: [{ ...serverRow, wal_level: 'replica' }],
    },
  })
  assert.deepEqual(idsOf(findings), ['wal-level', 'check-failed'])
  assert.match(findings.find(({ id }) => id === 'check-failed')?.message ?? '', /the capacity of the server/)
})

test('an abort ends the diagnosis with what was found', async () => {
  const abort = new AbortController()
  const findings = await diagnoseFake({
    signal: abort.signal,
    answers: { server_version_num: [{ ...serverRow, wal_level: 'replica' }] },
    context: {
      lastOffsets: () => {
        abort.abort()
        return Promise.resolve([undefined])
      },
    },
  })
  assert.deepEqual(idsOf(findings), ['wal-level', 'diagnosis-incomplete'])
})

test('offsets that cannot be read are a finding', async () => {
  const lastOffsets = () => Promise.reject(new ConnectError('HR_KAFKA_UNAVAILABLE', 'no answer'))
  assert.deepEqual(idsOf(await diagnoseFake({ context: { lastOffsets } })), ['offset-unknown'])
})

test('a replication connection that is refused, or reaches another server, is a finding', async () => {
  const refusedByPooler = await diagnoseFake({ replication: serverError('08P01', 'unsupported parameter') })
  assert.deepEqual(idsOf(refusedByPooler), ['replication-connection'])
  const elsewhere = await diagnoseFake({ replication: () => Promise.resolve([{ server: '2 shop' }]) })
  assert.deepEqual(idsOf(elsewhere), ['several-servers'])
})

test('nothing about slots and streams is checked for a mode without a stream', async () => {
  const findings = await diagnoseFake({
    settings: { 'snapshot.mode': 'initial_only' },
    answers: { server_version_num: [{ ...serverRow, wal_level: 'minimal', wal_sender_timeout: '0' }] },
    replication: new Error('not expected'),
  })
  assert.deepEqual(idsOf(findings), [])
})
