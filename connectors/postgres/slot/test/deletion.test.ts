import assert from 'node:assert/strict'
import { test } from 'node:test'
import { required } from '../../config/test/required.ts'
import type { connect } from '../../connection/database.ts'
import { removeSlot } from '../deletion.ts'
import { fakeDatabase } from './fake-database.ts'
import { fakeQuery, ownSlot, recordingLog } from './fake-query.ts'

const signal = new AbortController().signal
const props = { ...required, 'name': 'orders', 'slot.name': 'orders', 'publication.name': 'orders' }
const dropping = { ...props, 'headrace.slot.drop.on.delete': 'true' }
const publication = (comment: string | null) => ({
  'pg_publication p': [
    { all_tables: 'f', insert: 't', update: 't', delete: 't', truncate: 't', via_root: 'f', comment },
  ],
})
const mark = 'Created by Headrace for the connector orders'

async function removed(answers: Parameters<typeof fakeQuery>[0]) {
  const { query, changes } = fakeQuery(answers)
  const database = fakeDatabase(query)
  const { log, lines } = recordingLog()
  await removeSlot(dropping, { log, signal }, database.connect)
  assert.equal(database.open(), 0)
  return { changes, lines }
}

test('the slot and the publication of the connector are dropped, in this order', async () => {
  const { changes } = await removed({ 'pg_replication_slots r': [ownSlot], ...publication(mark) })
  assert.deepEqual(changes, [
    `SELECT pg_catalog.pg_drop_replication_slot('orders')`,
    'DROP PUBLICATION IF EXISTS "orders"',
  ])
})

test('a publication that the connector did not create is kept', async () => {
  for (const comment of [null, `${mark}2`]) {
    const { changes, lines } = await removed(publication(comment))
    assert.deepEqual(changes, [])
    assert.match(lines.join(), /publication is kept/)
  }
})

test('a publication with which another slot is read is kept', async () => {
  const { changes, lines } = await removed({ 'strpos(a.query': [{ slot: 'payments' }], ...publication(mark) })
  assert.deepEqual(changes, [])
  assert.match(lines.join(), /"reader":"payments"/)
})

test('nothing to remove, or a slot of another database, is no error', async () => {
  assert.deepEqual((await removed({})).changes, [])
  const other = { ...ownSlot, database: 'other' }
  assert.deepEqual((await removed({ 'pg_replication_slots r': [other] })).changes, [])
})

test('without the setting, nothing is connected to, and the log says how to remove what remains', async () => {
  const refuse: typeof connect = () => Promise.reject(new Error('unexpected'))
  const { log, lines } = recordingLog()
  await removeSlot(props, { log, signal }, refuse)
  assert.match(lines.join(), /^info: .*pg_drop_replication_slot\('orders'\).*DROP PUBLICATION/)
})
