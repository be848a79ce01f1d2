import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSlot, dropSlot, findSlot, findUsableSlot } from '../slot.ts'
import { fakeQuery, recordingLog, serverError } from './fake-query.ts'

const signal = new AbortController().signal
const row = {
  active_pid: null,
  confirmed_flush: '0/200',
  restart_lsn: '0/100',
  catalog_xmin: '731',
  wal_status: 'reserved',
  safe_wal_size: '1000',
  invalidation_reason: null,
  conflicting: null,
  plugin: 'pgoutput',
  database: 'shop',
  own_database: 'shop',
}
const slots = 'pg_replication_slots r'

const found = (changes: Readonly<Record<string, string | null>>) =>
  findSlot(fakeQuery({ [slots]: [{ ...row, ...changes }] }).query, 'orders')

test('a slot is described, and a missing one is undefined', async () => {
  assert.deepEqual(await found({ active_pid: '44' }), {
    name: 'orders',
    activePid: 44,
    confirmedFlush: 0x200,
    restartLsn: 0x100,
    catalogXmin: 731,
    walStatus: 'reserved',
    safeWalSize: 1000,
    lostBecause: null,
  })
  assert.equal(await findSlot(fakeQuery({}).query, 'orders'), undefined)
})

test('a slot without a confirmed position is at its restart position', async () => {
  assert.equal((await found({ confirmed_flush: null }))?.confirmedFlush, 0x100)
})

test('a slot of another database or plugin is an error that names both', async () => {
  await assert.rejects(found({ database: 'other' }), {
    code: 'HR_CONNECT',
    message: /"other".*expected "shop"/,
  })
  await assert.rejects(found({ plugin: 'wal2json' }), { code: 'HR_CONNECT', message: /wal2json.*slot\.name/ })
})

test('a slot is lost if the server says so in any of its ways', async () => {
  assert.match((await found({ wal_status: 'lost' }))?.lostBecause ?? '', /removed WAL/)
  assert.equal((await found({ invalidation_reason: 'idle_timeout' }))?.lostBecause, 'idle_timeout')
  assert.match((await found({ conflicting: 'true' }))?.lostBecause ?? '', /recovery/)
  assert.equal((await found({ wal_status: 'unreserved', conflicting: 'false' }))?.lostBecause, null)
})

test('a lost slot fails at once, with the remedy', async () => {
  const { query } = fakeQuery({ [slots]: [{ ...row, restart_lsn: null, wal_status: 'lost' }] })
  await assert.rejects(findUsableSlot(query, 'orders', { signal }), {
    code: 'HR_CONNECT',
    message: /"orders" cannot be used any more: .*snapshot\.mode=when_needed.*max_slot_wal_keep_size/,
  })
})

test('a slot whose position is not known yet is awaited, but not forever', async () => {
  const unknown = { ...row, confirmed_flush: null, restart_lsn: null }
  const answers = [[unknown], [unknown], [row]]
  const later = fakeQuery({ [slots]: () => answers.shift() ?? [] })
  const slot = await findUsableSlot(later.query, 'orders', { signal, delayMs: 1 })
  assert.equal(slot?.confirmedFlush, 0x200)

  const never = fakeQuery({ [slots]: [unknown] })
  await assert.rejects(findUsableSlot(never.query, 'orders', { signal, delayMs: 1, attempts: 3 }), {
    code: 'HR_RETRIABLE',
    message: /no position/,
  })
})

function creating(failures: Error[], maxRetries: number) {
  const { log, lines } = recordingLog()
  const asked: unknown[] = []
  const created = { consistentPoint: 1, snapshotName: 'snap' }
  const connection = {
    createSlot(options: unknown) {
      asked.push(options)
      const failure = failures.shift()
      return failure === undefined ? Promise.resolve(created) : Promise.reject(failure)
    },
  }
  const result = createSlot(connection, {
    name: 'orders',
    failover: true,
    maxRetries,
    retryDelayMs: 1,
    signal,
    log,
  })
  return { result, asked, lines, created }
}

test('a slot is permanent, and its creation is tried again while transactions delay it', async () => {
  const { result, asked, lines, created } = creating([serverError('57014'), serverError('55P03')], 2)
  assert.equal(await result, created)
  assert.deepEqual(asked[2], { name: 'orders', failover: true, temporary: false })
  assert.equal(lines.length, 2)
})

test('the creation of a slot ends after slot.max.retries, and at once for other errors', async () => {
  const delayed = creating([serverError('57014'), serverError('57014')], 1)
  await assert.rejects(delayed.result, { code: 'HR_RETRIABLE', message: /2 attempts.*older transactions/ })
  const refused = creating([serverError('53400', 'all replication slots are in use')], 6)
  await assert.rejects(refused.result, { code: 'HR_CONNECT', message: /max_replication_slots/ })
  assert.equal(refused.asked.length, 1)
})

test('a slot in use is dropped when its process has ended', async () => {
  const answers = [serverError('55006'), []]
  const { query, changes } = fakeQuery({ [slots]: [row], drop_replication_slot: () => answers.shift() ?? [] })
  await dropSlot(query, 'orders', { timeoutMs: 5000, signal })
  assert.deepEqual(changes, Array(2).fill(`SELECT pg_catalog.pg_drop_replication_slot('orders')`))
})

test('a slot that stays in use is an error that names its user', async () => {
  const { query } = fakeQuery({
    [slots]: [row],
    drop_replication_slot: serverError('55006'),
    pg_stat_activity: [{ pid: '4', application: 'other', role: 'r', address: null }],
  })
  await assert.rejects(dropSlot(query, 'orders', { timeoutMs: 0, signal }), {
    code: 'HR_RETRIABLE',
    message: /application "other", role "r", from a local socket \(process 4\)/,
  })
})

test('a slot that does not exist, or no longer, needs no drop', async () => {
  const missing = fakeQuery({})
  await dropSlot(missing.query, 'orders', { timeoutMs: 0, signal })
  assert.deepEqual(missing.changes, [])
  const gone = fakeQuery({ [slots]: [row], drop_replication_slot: serverError('42704') })
  await dropSlot(gone.query, 'orders', { timeoutMs: 0, signal })
})
