import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnoseFake, idsOf, serverRow } from '../../test/fake-server.ts'

const found = async (row: Readonly<Record<string, string>>) =>
  idsOf(await diagnoseFake({ answers: { server_version_num: [{ ...serverRow, ...row }] } }))

test('a server that is too old is the only finding', async () => {
  assert.deepEqual(await found({ version: '110022', wal_level: 'replica' }), ['version-too-old'])
})

test('wal_level, encoding and wal_sender_timeout are reported', async () => {
  assert.deepEqual(await found({ wal_level: 'replica' }), ['wal-level'])
  assert.deepEqual(await found({ encoding: 'SQL_ASCII' }), ['encoding'])
  assert.deepEqual(await found({ encoding: 'LATIN1' }), [], 'the server converts it')
  assert.deepEqual(await found({ wal_sender_timeout: '0' }), ['wal-sender-timeout'])
  assert.deepEqual(await found({ wal_sender_timeout: '3000' }), ['wal-sender-timeout'])
})

test('a standby decodes the WAL since version 16', async () => {
  assert.deepEqual(await found({ in_recovery: 'true' }), ['standby-version'])
  assert.deepEqual(await found({ in_recovery: 'true', version: '160004' }), ['standby'])
})

test('a limit of WAL that is small is a warning, and none is a hint', async () => {
  assert.deepEqual(await found({ keep_size: '64' }), ['wal-limit-small'])
  assert.deepEqual(await found({ keep_size: '-1' }), ['wal-unlimited'])
})
