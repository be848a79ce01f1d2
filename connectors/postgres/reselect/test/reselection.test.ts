import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type SourceRecord } from '../../../../api/index.ts'
import type { ReselectSettings } from '../../config/reselect.ts'
import { change, rowOf, unchanged } from '../../events/test/fixtures.ts'
import { changeRecords } from '../../events/records.ts'
import { contextOf } from '../../events/test/fixtures.ts'
import type { Database, Row } from '../../ports.ts'
import { newChange, type TableWriter } from '../../streaming/ports.ts'
import { Reselection } from '../reselection.ts'
import { partsOf, settingsOf } from './fixtures.ts'

/** A server whose rows have these cells, or which refuses to read them. Connections can be lost. */
function serverOf(answer: readonly Row[] | Error) {
  const statements: string[] = []
  const lose: ((error: undefined) => void)[] = []
  const connect = (): Promise<Database> =>
    Promise.resolve({
      query: () => Promise.resolve([{ visible: '1000:1000:' }]),
      processId: 1,
      copyOut: (sql, _cells, consumer) => {
        statements.push(sql)
        if (answer instanceof Error) return Promise.reject(answer)
        for (const row of answer) consumer.row(row)
        return Promise.resolve(answer.length)
      },
      ended: new Promise((resolve) => lose.push(resolve)),
      close: () => Promise.resolve(),
    })
  return { connect, statements, lose, connections: () => lose.length }
}

/** A writer of the table `document` whose events are completed by what the server answers. */
function reselecting(
  server: ReturnType<typeof serverOf>,
  settings: Partial<ReselectSettings> = {},
  isSignalTable = false,
) {
  const warnings: string[] = []
  const clock = { ms: 0 }
  const ignore = () => {}
  const reselection = new Reselection({
    settings: [settingsOf(settings)],
    connect: server.connect,
    signal: new AbortController().signal,
    log: {
      warn: (text, fields) => void warnings.push(`${text} ${JSON.stringify(fields)}`),
      error: ignore,
      info: ignore,
      debug: ignore,
      trace: ignore,
    },
    now: () => clock.ms,
  })
  const parts = partsOf()
  const records = changeRecords(contextOf({ settings: { skippedOperations: new Set() } }))
  const plain: TableWriter = {
    isSignalTable,
    created: (row, { out }) => records.created(parts.events, row, change, out),
    updated: (old, row, { out }) => records.updated(parts.events, row, old, change, out),
    deleted: (old, { out }) => records.deleted(parts.events, old, change, out),
    truncated: ({ out }) => records.truncated(parts.events, change, out),
  }
  const writer = reselection.watch(plain, parts)
  const out: SourceRecord[] = []
  const stream = { ...newChange(), out }
  stream.origin.txId = 756
  return { reselection, writer, plain, stream, out, warnings, clock }
}

const afterOf = (record: SourceRecord | undefined) =>
  (record?.value as { after: Readonly<Record<string, unknown>> | null } | null | undefined)?.after

const UNAVAILABLE = '__debezium_unavailable_value'
const incomplete = rowOf('1', '7', 'a', unchanged)
const complete = rowOf('1', '7', 'a', 'b')
const refusal = (code: string) =>
  new ConnectError('HR_CONNECT', 'Cannot read rows.', {
    cause: Object.assign(new Error('refused'), { severity: 'ERROR', code }),
  })

test('events that lack values are completed by one query', async () => {
  const server = serverOf([rowOf('0', 'one'), rowOf('1', 'two')])
  const { reselection, writer, stream, out } = reselecting(server)
  writer.updated(null, incomplete, stream)
  writer.updated(null, complete, stream)
  writer.updated(null, rowOf('2', '7', 'a', unchanged), stream)
  assert.equal(await reselection.complete(), 6)
  assert.deepEqual(
    out.map((record) => afterOf(record)?.['body']),
    ['one', 'b', 'two'],
  )
  assert.equal(server.statements.length, 1)
  assert.equal(reselection.complete(), undefined)
})

test('events that lack nothing open no connection', () => {
  const server = serverOf([])
  const { reselection, writer, stream } = reselecting(server)
  writer.created(complete, stream)
  writer.deleted(complete, stream)
  assert.equal(reselection.complete(), undefined)
  assert.equal(server.connections(), 0)
})

test('if a key changes, the created event is completed, and the deleted one stays', async () => {
  const { reselection, writer, stream, out } = reselecting(serverOf([rowOf('0', 'new')]))
  writer.updated(rowOf('0', null, '', null), incomplete, stream)
  await reselection.complete()
  assert.deepEqual(
    out.map((record) => afterOf(record)?.['body']),
    [undefined, undefined, 'new'],
  )
})

test('the signal table is left alone', () => {
  const { writer, plain } = reselecting(serverOf([]), {}, true)
  assert.equal(writer, plain)
})

test('rows that are gone keep placeholders, with a warning at most once a minute', async () => {
  const { reselection, writer, stream, out, warnings, clock } = reselecting(serverOf([]))
  for (const ms of [0, 59_999, 60_000]) {
    clock.ms = ms
    writer.updated(null, incomplete, stream)
    await reselection.complete()
  }
  assert.equal(afterOf(out[0])?.['body'], UNAVAILABLE)
  assert.equal(warnings.length, 2)
  assert.match(warnings[0] ?? '', /not found.*"table":"public\.document","rows":1/)
})

test('rows that are gone fail the task with the mode fail', async () => {
  const { reselection, writer, stream } = reselecting(serverOf([]), { onError: 'fail' })
  writer.updated(null, incomplete, stream)
  await assert.rejects(
    async () => reselection.complete(),
    /public\.document again: 1 of 1 rows were not found/,
  )
})

test('a query that the server refuses is handled by the mode', async () => {
  const warns = reselecting(serverOf(refusal('42501')))
  warns.writer.updated(null, incomplete, warns.stream)
  assert.equal(await warns.reselection.complete(), 0)
  assert.equal(warns.warnings.length, 1)
  assert.match(warns.warnings[0] ?? '', /cannot be read again.*Cannot read rows\./)
  const fails = reselecting(serverOf(refusal('42501')), { onError: 'fail' })
  fails.writer.updated(null, incomplete, fails.stream)
  await assert.rejects(
    async () => fails.reselection.complete(),
    /Cannot read columns of public\.document again/,
  )
})

test('a lost connection is no reason to pass placeholders on', async () => {
  for (const error of [new ConnectError('HR_RETRIABLE', 'The connection was lost.'), refusal('57P01')]) {
    const { reselection, writer, stream } = reselecting(serverOf(error))
    writer.updated(null, incomplete, stream)
    await assert.rejects(async () => reselection.complete(), error)
  }
})

test('a connection that has ended meanwhile is opened again', async () => {
  const server = serverOf([rowOf('0', 'new')])
  const { reselection, writer, stream } = reselecting(server)
  const update = async () => {
    writer.updated(null, incomplete, stream)
    await reselection.complete()
  }
  await update()
  await update()
  assert.equal(server.connections(), 1)
  server.lose[0]?.(undefined)
  await new Promise(setImmediate)
  await update()
  assert.equal(server.connections(), 2)
})
