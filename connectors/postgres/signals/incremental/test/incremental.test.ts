import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../api/index.ts'
import { signalTableWatermarks } from '../watermarks.ts'
import { FakeServer, fakeTable, nameOf, settled } from './fake-server.ts'
import { Harness, readOnly } from './harness.ts'

const of = (...ids: number[]): FakeServer => new FakeServer().add('t', ...ids)
const denied = (): Error => new ConnectError('HR_CONNECT', 'permission denied')
const lost = (): Error => new ConnectError('HR_RETRIABLE', 'connection lost')

test('a table is sent in chunks, each between two rows of the signal table', async () => {
  const harness = new Harness(of(1, 2, 3))
  harness.add('t')
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2', '3=v3'])
  const [open, close] = harness.server.signals
  assert.equal(open?.id.replace(/-open$/, ''), close?.id.replace(/-close$/, ''))
  assert.deepEqual(
    harness.server.signals.map(({ type }) => type.slice('snapshot-window-'.length)),
    ['open', 'close', 'open', 'close', 'open', 'close'],
  )
  assert.match(open?.data ?? '', /^\{"openWindowTimestamp": "[^"]+Z"\}$/)
  assert.match(close?.data ?? '', /^\{"openWindowTimestamp": "[^"]+Z", "closeWindowTimestamp": "[^"]+Z"\}$/)
})

test('with insert_delete the deletion of the first row closes the window', async () => {
  const watermarks = signalTableWatermarks(nameOf('sig'), 'insert_delete')
  const harness = new Harness(of(1, 2, 3), { watermarks })
  harness.add('t')
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2', '3=v3'])
  assert.deepEqual(
    harness.server.deletedSignals,
    harness.server.signals.map(({ id }) => id),
  )
})

test('the next table is read in the window in which the former one has ended', async () => {
  const harness = new Harness(of(1).add('u', 7))
  harness.add('t', 'u')
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '7=v7'])
  assert.equal(harness.server.signals.length, 6)
})

test('notifications tell the progress', async () => {
  const harness = new Harness(of(1, 2, 3).add('u'))
  harness.add('t', 'u')
  await harness.finish()
  assert.deepEqual(harness.told, [
    'STARTED',
    'IN_PROGRESS',
    'IN_PROGRESS',
    'TABLE_SCAN_COMPLETED SUCCEEDED',
    'TABLE_SCAN_COMPLETED EMPTY',
    'COMPLETED',
  ])
  assert.deepEqual(harness.notifications[1]?.additionalData, {
    current_collection_in_progress: 'public.t',
    maximum_key: '3',
    data_collections: 'public.t,public.u',
    last_processed_key: '2',
    connector_name: 'p',
  })
  assert.equal(harness.notifications[3]?.additionalData?.['total_rows_scanned'], '3')
  assert.ok(harness.notifications.every(({ id }) => id === 'sig-1'))
})

test('rows that the stream changes within the window are not sent', async () => {
  const harness = new Harness(of(1, 2))
  const read = harness.server.gate(/^COPY/)
  harness.add('t')
  await read.reached
  harness.deliver()
  harness.change('t', 2)
  read.open()
  await settled()
  harness.change('t', 1)
  await harness.finish()
  assert.deepEqual(harness.sent, ['<- 2', '<- 1'])
})

test('changes before the window and of other tables leave the rows alone', async () => {
  const harness = new Harness(of(1).add('u', 1))
  const read = harness.server.gate(/^COPY/)
  harness.add('t')
  await read.reached
  harness.change('t', 1)
  harness.deliver()
  harness.change('u', 1)
  read.open()
  await harness.finish()
  assert.deepEqual(harness.sent, ['<- 1', '<- 1', '1=v1'])
})

test('a chunk is read again if a transaction before its window was not visible to the SELECT', async () => {
  const harness = new Harness(of(1))
  const { server } = harness
  const copy = server.gate(/^COPY/)
  // Transaction 99 has committed: the stream passes it on, but the SELECT does not see it yet.
  harness.change('t', 1, 99)
  server.visible = '99:100:99'
  harness.add('t')
  await copy.reached
  server.visible = '100:100:'
  server.tables.get('t')?.set(1, 'new')
  copy.open()
  await harness.finish()
  assert.deepEqual(harness.sent, ['<- 1', '1=new'])
  assert.equal(harness.waits.length, 1)
})

test('the same holds for one that the stream passes on after the SELECT, but before the window', async () => {
  const harness = new Harness(of(1))
  const { server } = harness
  const close = server.gate(/^COPY/)
  server.visible = '99:100:99'
  harness.add('t')
  await close.reached
  close.open()
  await settled()
  server.visible = '100:100:'
  server.tables.get('t')?.set(1, 'new')
  harness.change('t', 1, 99)
  await harness.finish()
  assert.deepEqual(harness.sent, ['<- 1', '1=new'])
})

test('transactions that wait for a standby when the snapshot starts must become visible', async () => {
  const harness = new Harness(of(1))
  const { server } = harness
  server.waiting = [99]
  server.visible = '99:100:99'
  const copy = server.gate(/^COPY/)
  harness.add('t')
  await copy.reached
  server.visible = '100:100:'
  server.tables.get('t')?.set(1, 'new')
  copy.open()
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=new'])
})

test('a chunk is read again after the table was altered or truncated', async () => {
  for (const event of ['altered', 'truncated'] as const) {
    const harness = new Harness(of(1))
    const copy = harness.server.gate(/^COPY/)
    harness.add('t')
    await copy.reached
    harness.deliver()
    if (event === 'altered') harness.snapshot.relationChanged(1)
    else harness.snapshot.truncated()
    harness.server.tables.get('t')?.set(1, 'other')
    copy.open()
    await harness.finish()
    assert.deepEqual(harness.sent, ['1=other'])
  }
})

test('another version of another table changes nothing', async () => {
  const harness = new Harness(of(1))
  const copy = harness.server.gate(/^COPY/)
  harness.add('t')
  await copy.reached
  harness.snapshot.relationChanged(2)
  copy.open()
  await harness.finish()
  assert.equal(harness.waits.length, 0)
})

test('rows that are inserted behind the last key are left to the stream', async () => {
  const harness = new Harness(of(1, 2), { chunkSize: 1 })
  const copy = harness.server.gate(/^COPY/)
  harness.add('t')
  await copy.reached
  harness.server.tables.get('t')?.set(9, 'new')
  copy.open()
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2'])
})

test('the catalog is asked for types once, and again when the table has changed', async () => {
  const harness = new Harness(of(1, 2, 3), { chunkSize: 1 })
  const asked = (): number => harness.server.statements.filter((sql) => sql.includes('is_domain')).length
  harness.add('t')
  await settled()
  harness.deliver()
  await settled()
  assert.equal(asked(), 1)
  harness.tables.set('t', fakeTable('t', 1, { uniqueIndex: ['v'] }))
  await harness.finish()
  assert.equal(asked(), 2)
  assert.deepEqual(harness.sent, ['1=v1', '2=v2', '3=v3'])
})

test('windows of other chunks are ignored', async () => {
  const harness = new Harness(of(1))
  harness.add('t')
  await settled()
  harness.snapshot.windowOpened('other-open')
  assert.equal(harness.snapshot.watchedOid, 0)
  assert.deepEqual(harness.snapshot.windowClosed('other-close', harness.position), [])
})

test('pause ends the current chunk, and resume continues', async () => {
  const harness = new Harness(of(1, 2), { chunkSize: 1 })
  const copy = harness.server.gate(/^COPY/)
  harness.add('t')
  await copy.reached
  harness.snapshot.pause()
  copy.open()
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1'])
  harness.snapshot.resume()
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2'])
  assert.deepEqual(
    harness.told.filter((type) => !type.startsWith('IN')),
    ['STARTED', 'PAUSED', 'RESUMED', 'TABLE_SCAN_COMPLETED SUCCEEDED', 'COMPLETED'],
  )
})

test('stop ends after the current chunk', async () => {
  const harness = new Harness(of(1, 2), { chunkSize: 1 })
  const copy = harness.server.gate(/^COPY/)
  harness.add('t', 'u')
  await copy.reached
  harness.snapshot.stop([])
  copy.open()
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1'])
  assert.deepEqual(harness.told, ['STARTED', 'IN_PROGRESS', 'COMPLETED', 'ABORTED'])
  assert.equal(harness.notifications.at(-1)?.additionalData?.['data_collections'], 'public.u,public.t')
  assert.deepEqual(harness.snapshot.offsetKeys(), {})
})

test('some tables can be stopped; a paused snapshot stops at once', async () => {
  const harness = new Harness(of(1).add('u', 2))
  harness.add('t', 'u')
  harness.snapshot.pause()
  await harness.finish()
  harness.snapshot.stop([String.raw`public\.t`])
  harness.snapshot.resume()
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2'])
  harness.snapshot.stop(['public.u'])
  assert.match(harness.logged.at(-1) ?? '', /nothing to stop/)
  assert.throws(() => {
    harness.add('t')
    harness.snapshot.stop(['('])
  }, /Unclosed group/)
})

test('a table that is unknown, has no key or is empty is skipped with its status', async () => {
  const tables = [fakeTable('t', 1), fakeTable('u', 2, { primaryKey: [] })]
  const harness = new Harness(of(1), { tables })
  harness.add('missing', 'u', 't')
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1'])
  assert.deepEqual(harness.told.slice(1, 3), [
    'TABLE_SCAN_COMPLETED UNKNOWN_SCHEMA',
    'TABLE_SCAN_COMPLETED NO_PRIMARY_KEY',
  ])
})

test('a table is skipped when SQL fails twice, and the next one is read', async () => {
  const harness = new Harness(of(1).add('u', 2))
  harness.server.gate(/^COPY/, denied())
  harness.server.gate(/^COPY/, denied())
  harness.add('t', 'u')
  await harness.finish()
  assert.deepEqual(harness.sent, ['2=v2'])
  assert.ok(harness.told.includes('TABLE_SCAN_COMPLETED SQL_EXCEPTION'))
  assert.match(harness.logged.join('\n'), /public\.t is skipped: permission denied/)
})

test('a chunk that fails once is read again: the table may have changed', async () => {
  const harness = new Harness(of(1))
  harness.server.gate(/^COPY/, denied())
  harness.add('t')
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1'])
})

test('a lost connection is opened again as often as needed', async () => {
  const harness = new Harness(of(1))
  for (let time = 0; time < 3; time++) harness.server.gate(/^COPY/, lost())
  harness.add('t')
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1'])
  assert.equal(harness.server.connections, 4)
  assert.deepEqual(harness.waits, [50, 100, 200])
})

test('offsets keep the tables, and the last row of a chunk its key', async () => {
  const harness = new Harness(of(1, 2, 3))
  harness.add({ condition: 'id > 0', surrogateKey: undefined }, 'u')
  await harness.finish()
  const [first, second] = harness.offsets
  assert.deepEqual(first, {
    incremental_snapshot_primary_key: 'null',
    incremental_snapshot_maximum_key: '["3"]',
    incremental_snapshot_collections: JSON.stringify(
      ['id > 0', null].map((condition, index) => ({
        incremental_snapshot_collections_id: ['public.t', 'public.u'][index],
        incremental_snapshot_collections_additional_condition: condition,
        incremental_snapshot_collections_surrogate_key: null,
        incremental_snapshot_collections_correlation_id: 'sig-1',
      })),
    ),
    incremental_snapshot_correlation_id: 'sig-1',
  })
  assert.equal(second?.['incremental_snapshot_primary_key'], '["2"]')
})

test('a restart continues after the stored key, up to the stored maximum', async () => {
  const first = new Harness(of(1, 2, 3))
  first.add('t')
  await settled()
  first.deliver()
  const offset = first.offsets.at(-1) ?? {}
  const second = new Harness(of(1, 2, 3, 4))
  await second.snapshot.start(offset)
  await second.finish()
  assert.deepEqual(second.sent, ['3=v3'])
  assert.deepEqual(second.told, ['IN_PROGRESS', 'TABLE_SCAN_COMPLETED SUCCEEDED', 'COMPLETED'])
})

test('without offset keys nothing is started', async () => {
  const harness = new Harness(of(1))
  await harness.snapshot.start({ lsn: 1 })
  await harness.finish()
  assert.equal(harness.server.connections, 0)
})

test('another stream of the same task abandons the window, and keeps tables that were added since its offset', async () => {
  const harness = new Harness(of(1, 2, 3).add('u', 4))
  harness.add('t')
  await settled()
  harness.deliver()
  const offset = harness.offsets.at(-1) ?? {}
  await settled()
  harness.add('u')
  await harness.snapshot.start(offset)
  assert.equal(harness.snapshot.watchedOid, 0)
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2', '3=v3', '4=v4'])
})

test('rows that were not passed on before the stream was lost are read again', async () => {
  const harness = new Harness(of(1, 2, 3))
  harness.add('t')
  await settled()
  const before = harness.position.offset()
  harness.deliver()
  harness.sent.length = 0
  await harness.snapshot.start(before)
  await harness.finish()
  assert.deepEqual(harness.sent, ['1=v1', '2=v2', '3=v3'])
})

test('read.only: nothing is written, and the rows follow when the stream has passed the SELECT', async () => {
  const harness = new Harness(of(1, 2), { watermarks: readOnly })
  harness.add('t')
  await settled()
  assert.equal(harness.wakes, 1)
  assert.equal(harness.snapshot.watchedOid, 1)
  harness.send(harness.snapshot.streamPassed(999, harness.position))
  harness.change('t', 1)
  harness.send(harness.snapshot.streamPassed(1000, harness.position))
  await settled()
  assert.deepEqual(harness.sent, ['<- 1', '2=v2'])
  assert.deepEqual(harness.server.signals, [])
})

test('read.only: a transaction that was passed on before and is not visible has the chunk read again', async () => {
  const harness = new Harness(of(1), { watermarks: readOnly })
  const { server } = harness
  harness.change('t', 1, 99)
  server.visible = '99:100:99'
  harness.add('t')
  await settled()
  server.visible = '100:100:'
  server.tables.get('t')?.set(1, 'new')
  harness.send(harness.snapshot.streamPassed(1000, harness.position))
  await settled()
  harness.send(harness.snapshot.streamPassed(1000, harness.position))
  assert.deepEqual(harness.sent, ['<- 1', '1=new'])
})

test('close ends a statement that waits, and the connection', async () => {
  const harness = new Harness(of(1))
  harness.add('t')
  await settled()
  await harness.snapshot.close()
  assert.equal(harness.server.closed, 1)
  assert.equal(harness.server.signals.length, 2)
})

test('the connection is closed while nothing runs', async () => {
  const harness = new Harness(of(1))
  harness.add('t')
  await harness.finish()
  assert.equal(harness.server.closed, 1)
  harness.add('t')
  await harness.finish()
  assert.deepEqual([harness.server.connections, harness.server.closed], [2, 2])
})
