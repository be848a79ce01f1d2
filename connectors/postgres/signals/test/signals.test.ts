import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { KafkaRecord, SourceOffset, SourceRecord } from '../../../../api/index.ts'
import type { Notification } from '../../events/notifications.ts'
import { FakeServer, fakeSource, fakeTable, nameOf, settled } from '../incremental/test/fake-server.ts'
import type { BlockingRequest } from '../ports.ts'
import type { SignalSettings } from '../settings.ts'
import { Signals } from '../signals.ts'

const EXECUTE = JSON.stringify({ 'data-collections': ['public.t'] })

function open(changes: Partial<SignalSettings> = {}, records: readonly KafkaRecord[] = []) {
  const server = new FakeServer().add('t', 1)
  const logged: string[] = []
  const blocking: BlockingRequest[] = []
  const notifications: Notification[] = []
  const log = (message: string): void => void logged.push(message)
  const settings: SignalSettings = {
    connectorName: 'p',
    channels: ['source'],
    pollIntervalMs: 1,
    signalTable: nameOf('sig'),
    readOnly: false,
    chunkSize: 4,
    watermarking: 'insert_insert',
    kafkaTopic: 'p-signal',
    file: 'missing',
    ...changes,
  }
  const services = {
    connect: () => server.connect(),
    capturedTables: () => [nameOf('t'), nameOf('sig')],
    chunkSource: () => Promise.resolve(fakeSource(fakeTable('t', 1))),
    blockingSnapshot: (request: BlockingRequest) => void blocking.push(request),
    wakeStream: () => undefined,
    notify: (notification: Notification) => void notifications.push(notification),
    currentOffset: () => ({ lsn: 7n }),
  }
  let reads = 0
  async function* readTopic(): AsyncGenerator<readonly KafkaRecord[]> {
    await Promise.resolve()
    if (reads++ === 0 && records.length > 0) yield records
  }
  const logger = { error: log, warn: log, info: log, debug: log, trace: log }
  const signals = new Signals(settings, services, { readTopic }, logger)
  const at = { offset: (): SourceOffset => ({ ...signals.offsetKeys() }), lsn: 5, lastCommitLsn: 4 }
  const insert = (type: string, data: string | null): readonly SourceRecord[] =>
    signals.signalInserted({ id: 'sig-1', type, data }, at)
  return { server, signals, logged, blocking, notifications, at, insert }
}

test('a row of the signal table starts an incremental snapshot', async () => {
  const { server, signals, insert, at } = open()
  insert('execute-snapshot', EXECUTE)
  await settled()
  const [openRow, closeRow] = server.signals
  assert.ok(openRow && closeRow)
  assert.deepEqual(signals.signalInserted(openRow, at), [])
  assert.equal(signals.watchedOid, 1)
  const [record] = signals.signalInserted(closeRow, at)
  assert.equal(record?.value, '1=v1')
  await signals.close()
})

test('rows of the signal table are no signals if the channel is not enabled, but windows count', async () => {
  const { server, signals, insert, at } = open({ channels: [] })
  insert('execute-snapshot', EXECUTE)
  await settled()
  assert.equal(server.connections, 0)
  signals.received({ id: 'sig-2', type: 'execute-snapshot', data: EXECUTE })
  await settled()
  let sent = 0
  for (const row of server.signals) sent += signals.signalInserted(row, at).length
  assert.equal(sent, 1)
  await signals.close()
})

test('with insert_delete a deleted row closes the window', async () => {
  const { server, signals, insert, at } = open({ watermarking: 'insert_delete' })
  insert('execute-snapshot', EXECUTE)
  await settled()
  const [row] = server.signals
  assert.ok(row)
  signals.signalInserted(row, at)
  assert.equal(signals.signalDeleted('other', at).length, 0)
  assert.equal(signals.signalDeleted(row.id, at).length, 1)
  await signals.close()
})

test('read.only needs no signal table', async () => {
  const { signals, server, at } = open({ readOnly: true, signalTable: undefined })
  signals.received({ id: 'sig-1', type: 'execute-snapshot', data: EXECUTE })
  await settled()
  assert.equal(signals.passed(999, at).length, 0)
  assert.equal(signals.passed(1000, at).length, 1)
  assert.deepEqual(server.signals, [])
  await signals.close()
})

test('without both an incremental snapshot is refused with a remedy', () => {
  const { signals, logged } = open({ signalTable: undefined })
  signals.received({ id: 'sig-1', type: 'execute-snapshot', data: EXECUTE })
  assert.match(logged.at(-1) ?? '', /"sig-1" is ignored: .* set signal\.data\.collection .* or read\.only/)
})

test('a blocking snapshot is passed on with its tables', () => {
  const { insert, blocking, logged } = open()
  const data = (table: string): string => JSON.stringify({ 'type': 'BLOCKING', 'data-collections': [table] })
  insert('execute-snapshot', data('public.t'))
  assert.deepEqual(blocking[0]?.tables, [nameOf('t')])
  insert('execute-snapshot', data('public.x'))
  assert.equal(blocking.length, 1)
  assert.match(logged.at(-1) ?? '', /no captured table matches/)
})

test('a signal of type log is logged with the offset', () => {
  const { insert, logged } = open()
  insert('log', '{"message":"at {} of {}"}')
  assert.deepEqual(logged, ['at {"lsn":7} of {}'])
})

test('invalid and failing signals are logged and change nothing', () => {
  const { insert, logged, server } = open()
  insert('nonsense', '{}')
  insert('execute-snapshot', 'not json')
  insert('execute-snapshot', '{"data-collections":["("]}')
  assert.equal(logged.length, 4)
  assert.match(logged[0] ?? '', /"sig-1" is ignored: unknown type/)
  assert.match(logged[1] ?? '', /not valid JSON/)
  assert.match(logged[3] ?? '', /"sig-1" of type execute-snapshot has failed/)
  assert.equal(server.connections, 0)
})

test('pause, resume and stop reach the incremental snapshot', async () => {
  const { insert, signals, notifications } = open()
  insert('execute-snapshot', EXECUTE)
  insert('pause-snapshot', null)
  insert('resume-snapshot', null)
  insert('pause-snapshot', null)
  await settled()
  insert('stop-snapshot', '{}')
  await signals.close()
  const types = notifications.map(({ type }) => type)
  assert.deepEqual(types.slice(0, 4), ['STARTED', 'PAUSED', 'RESUMED', 'PAUSED'])
})

test('the channel file is read until close', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signals-'))
  const file = join(folder, 'signals.txt')
  await writeFile(file, '{"id":"sig-1","type":"execute-snapshot","data":{"data-collections":["public.t"]}}\n')
  const { signals, server } = open({ channels: ['file'], file })
  const copied = server.gate(/^COPY/)
  await signals.start(undefined)
  await copied.reached
  copied.open()
  await signals.close()
  await rm(folder, { recursive: true })
  assert.equal(server.closed, 1)
})

test('the offset of the signal topic is kept in the offset', async () => {
  const value = Buffer.from(`{"id":"sig-1","type":"execute-snapshot","data":${EXECUTE}}`)
  const record = {
    topic: 'p-signal',
    partition: 0,
    offset: 8,
    timestamp: 0,
    key: Buffer.from('p'),
    value,
    headers: [],
  }
  const { signals, server } = open({ channels: ['kafka'] }, [record])
  const copied = server.gate(/^COPY/)
  await signals.start({ incremental_snapshot_signal_offset: 7 })
  assert.deepEqual(signals.offsetKeys(), { incremental_snapshot_signal_offset: 7 })
  await copied.reached
  const keys = signals.offsetKeys()
  assert.equal(keys['incremental_snapshot_signal_offset'], 8)
  assert.equal(keys['incremental_snapshot_correlation_id'], 'sig-1')
  assert.equal(signals.offsetKeys(), keys)
  copied.open()
  await signals.close()
})
