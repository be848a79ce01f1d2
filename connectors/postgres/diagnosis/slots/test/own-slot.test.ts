import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownSlot } from '../../../slot/test/fake-query.ts'
import { diagnoseFake, idsOf, type FakeServer } from '../../test/fake-server.ts'

const KEPT = '$1::pg_lsn) AS kept'
const APPLICATION = 'FROM pg_catalog.pg_stat_activity WHERE pid'

function diagnosed(slot: Readonly<Record<string, string | null>>, { answers, ...server }: FakeServer = {}) {
  const row = { ...ownSlot, ...slot }
  return diagnoseFake({ ...server, answers: { 'pg_replication_slots r': [row], ...answers } })
}

const running = (application: string | null): FakeServer => ({
  context: { exists: true },
  answers: { [APPLICATION]: [{ application }] },
})

test('a slot without a problem is a hint', async () => {
  const [, ready] = await diagnosed({}, { answers: { [KEPT]: [{ kept: '2048' }] } })
  assert.deepEqual([ready?.id, ready?.severity], ['slot-ready', 'info'])
  assert.match(ready?.message ?? '', /not in use, has confirmed 0\/200, and keeps 2048 bytes/)
})

test('the connector itself, or somebody that the role may not see, may use its slot', async () => {
  for (const name of ['headrace orders', null]) {
    assert.deepEqual(idsOf(await diagnosed({ active_pid: '7' }, running(name))), ['slot-ready'])
  }
  for (const name of ['headrace orders-2', 'Debezium Streaming']) {
    assert.deepEqual(idsOf(await diagnosed({ active_pid: '7' }, running(name))), ['slot-in-use'])
  }
})

test('nobody may use the slot of a connector that does not exist', async () => {
  const used = await diagnosed(
    { active_pid: '7' },
    { answers: { [APPLICATION]: [{ application: 'headrace orders' }] } },
  )
  assert.deepEqual(idsOf(used), ['slot-in-use'])
})

test('a slot that may soon be lost, or keeps much WAL, is a warning', async () => {
  assert.deepEqual(idsOf(await diagnosed({ wal_status: 'unreserved' })), ['slot-unreserved'])
  const behind = { answers: { [KEPT]: [{ kept: String(2 * 1024 ** 3) }] } }
  assert.deepEqual(idsOf(await diagnosed({}, behind)), ['slot-far-behind'])
})

test('a slot that is lost is reported once, whatever the offset is', async () => {
  for (const offset of [undefined, { lsn: 5, lsn_proc: 5, lsn_commit: 5 }]) {
    const findings = await diagnosed({ wal_status: 'lost', restart_lsn: null }, offset && { offset })
    assert.deepEqual(idsOf(findings), ['slot-lost'])
  }
})
