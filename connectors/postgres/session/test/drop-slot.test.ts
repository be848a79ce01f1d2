import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { parseSettings } from '../../config/parse-settings.ts'
import { required } from '../../config/test/required.ts'
import type { connect } from '../../connection/database.ts'
import { fakeDatabase } from '../../slot/test/fake-database.ts'
import { fakeQuery, ownSlot, recordingLog } from '../../slot/test/fake-query.ts'
import { dropSlotAtStop } from '../drop-slot.ts'

const dropping = parseSettings({ ...required, 'slot.drop.on.stop': 'true' })

test('the slot is dropped at the end, with a warning, and the connection is closed', async () => {
  const { query, changes } = fakeQuery({ 'pg_replication_slots r': [ownSlot] })
  const database = fakeDatabase(query)
  const { log, lines } = recordingLog()
  await dropSlotAtStop(dropping, 'orders', log, database.connect)
  assert.deepEqual(changes, [`SELECT pg_catalog.pg_drop_replication_slot('debezium')`])
  assert.match(lines.join(), /^warn: dropped the replication slot/)
  assert.equal(database.open(), 0)
})

test('nothing is connected to without the setting', async () => {
  const refuse: typeof connect = () => Promise.reject(new Error('unexpected'))
  const { log, lines } = recordingLog()
  await dropSlotAtStop(parseSettings(required), 'orders', log, refuse)
  assert.deepEqual(lines, [])
})

test('a server that cannot be reached is logged as an error, and the task closes', async () => {
  const refuse: typeof connect = () => Promise.reject(new ConnectError('HR_RETRIABLE', 'refused'))
  const { log, lines } = recordingLog()
  await dropSlotAtStop(dropping, 'orders', log, refuse)
  assert.match(lines.join(), /^error: cannot drop the replication slot.*refused/)
})
