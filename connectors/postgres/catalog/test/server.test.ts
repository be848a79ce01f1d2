import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifySystem, readServer } from '../server.ts'

const settings = {
  version: '150018',
  in_recovery: 'false',
  wal_level: 'logical',
  encoding: 'UTF8',
  wal_sender_timeout: '60000',
  keep_size: '-1',
}

test('reads version, role and settings of the server', async () => {
  assert.deepEqual(await readServer(async () => [settings]), {
    version: 150018,
    inRecovery: false,
    walLevel: 'logical',
    encoding: 'UTF8',
    walSenderTimeoutMs: 60_000,
    maxSlotWalKeepSize: null,
  })
})

test('converts the WAL that slots keep from megabytes', async () => {
  const server = await readServer(async () => [{ ...settings, in_recovery: 'true', keep_size: '64' }])
  assert.equal(server.maxSlotWalKeepSize, 67_108_864)
  assert.equal(server.inRecovery, true)
})

test('a server before PostgreSQL 13 has no limit', async () => {
  const server = await readServer(async () => [{ ...settings, keep_size: null }])
  assert.equal(server.maxSlotWalKeepSize, null)
})

test('identifies the server on a replication connection', async () => {
  const identity = await identifySystem(async (sql) => {
    assert.equal(sql, 'IDENTIFY_SYSTEM')
    return [{ systemid: '7713717165785635286', timeline: '2', xlogpos: '1/A', dbname: 'shop' }]
  })
  assert.deepEqual(identity, { systemId: '7713717165785635286', timeline: 2, position: 2 ** 32 + 10 })
})
