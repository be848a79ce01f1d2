import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sourceRecord, type Logger, type SourceOffset, type SourceRecord } from '../../../../api/index.ts'
import {
  begin,
  commit,
  deleted,
  insert,
  logicalMessage,
  relation,
  truncate,
  update,
} from '../../pgoutput/test/message-bytes.ts'
import type { Row } from '../../ports.ts'
import { ChangeStream } from '../change-stream.ts'
import { newChange, noCounts, type Change, type StreamWriter, type TableWriter } from '../ports.ts'
import { positionOf, type Position } from '../position.ts'
import { ResumePoint } from '../resume.ts'
import { StreamOutput } from '../stream-output.ts'

const OID = 1
const OTHER = 2

const idOf = (row: Row | undefined): string =>
  row === undefined ? '' : row.bytes.toString('utf8', row.starts[0], row.ends[0])

function record(value: string, sourceOffset: SourceOffset): SourceRecord {
  return sourceRecord({ topic: 't', sourcePartition: { server: 's' }, sourceOffset, value })
}

/** Writes one record for each change, and two for a delete. A row with the id `bad` cannot be converted. */
const writer: TableWriter = {
  isSignalTable: false,
  created(row, { out, offsets, origin }) {
    if (idOf(row) === 'bad') throw new Error('not a number')
    out.push(record(`c ${idOf(row)} @${String(origin.lsn)} ${String(origin.lastCommitLsn)}`, offsets.after))
  },
  updated: (old, row, { out, offsets }) =>
    void out.push(record(`u ${idOf(old ?? undefined)}>${idOf(row)}`, offsets.after)),
  deleted: (old, { out, offsets }) =>
    void out.push(record(`d ${idOf(old)}`, offsets.before), record('tombstone', offsets.after)),
  truncated: ({ out, offsets }) => void out.push(record('t', offsets.after)),
}

const streamWriter: StreamWriter = {
  table: ({ oid }) => Promise.resolve(oid === OID ? writer : undefined),
  message: ({ prefix }, { out, offsets }: Change) => void out.push(record(`m ${prefix}`, offsets.after)),
}

const log = { warn: () => {} } as unknown as Logger

interface Init {
  readonly offset?: SourceOffset | undefined
  readonly position?: Position
  readonly onFailure?: 'fail' | 'warn'
  readonly heartbeatMs?: number
}

async function open({
  offset,
  position = positionOf(offset),
  onFailure = 'fail',
  heartbeatMs = 0,
}: Init = {}) {
  const records: SourceRecord[] = []
  const counts = noCounts()
  const change = newChange()
  const resume = new ResumePoint(position)
  const output = new StreamOutput(
    {
      offsetKeys: undefined,
      emit: (batch) => void records.push(...batch),
      onFailure,
      heartbeat: (at) => record('heartbeat', at),
      heartbeatMs,
      counts,
      log,
    },
    change,
    offset,
    position,
  )
  const stream = new ChangeStream({
    resume,
    output,
    change,
    writer: streamWriter,
    transactions: undefined,
    signals: undefined,
    counts,
  })
  for (const oid of [OID, OTHER]) {
    const bytes = relation(oid, 'public', `t${oid}`, [['id', 25, -1]])
    await stream.message(bytes, 0, bytes.length, 0)
  }
  const send = (lsn: number, bytes: Buffer) => stream.message(bytes, 0, bytes.length, lsn)
  const values = () => {
    void stream.endOfChunk()
    return records.splice(0).map(({ value }) => value)
  }
  const offsets = () => {
    void stream.endOfChunk()
    return records.splice(0).map(({ sourceOffset }) => sourceOffset ?? undefined)
  }
  return { stream, send, values, offsets, counts, output, resume }
}

describe('a stream', () => {
  test('makes records of the changes of captured tables, in order', async () => {
    const { send, values } = await open()
    await send(10, begin(7, 40))
    await send(10, insert(OID, ['1']))
    await send(20, insert(OTHER, ['x']))
    await send(30, update(OID, ['2'], ['1']))
    await send(35, deleted(OID, ['2']))
    await send(38, truncate([OTHER, OID]))
    await send(41, commit(41))
    assert.deepEqual(values(), ['c 1 @10 null', 'u 1>2', 'd 2', 'tombstone', 't'])
  })

  test('gives each record the offset after its change, and the last commit before the transaction', async () => {
    const { send, offsets } = await open()
    await send(10, begin(7, 40))
    await send(10, insert(OID, ['1']))
    await send(41, commit(41))
    await send(50, begin(8, 60))
    await send(50, deleted(OID, ['1']))
    const epoch = 946_684_800_000_000
    const first = { lsn_proc: 10, messageType: 'INSERT', lsn: 10, txId: 7, ts_usec: epoch }
    assert.deepEqual(offsets(), [
      first,
      first,
      { lsn_proc: 50, messageType: 'DELETE', lsn_commit: 41, lsn: 50, txId: 8, ts_usec: epoch },
    ])
  })

  test('counts events that share an LSN, also when a transaction starts where the last one ended', async () => {
    const { send, offsets } = await open()
    await send(10, begin(7, 40))
    for (const id of ['1', '2', '3']) await send(10, insert(OID, [id]))
    await send(41, commit(41))
    await send(41, begin(8, 60))
    await send(41, insert(OID, ['4']))
    const processed = offsets().map((offset) => offset?.['lsn_events_processed'])
    assert.deepEqual(processed, [undefined, 2, 3, undefined])
  })

  test('fails with the table and the LSN if no event can be made of a change, and keeps the records before', async () => {
    const { send, values } = await open()
    await send(10, begin(7, 40))
    await send(10, insert(OID, ['1']))
    assert.throws(() => send(0x20, insert(OID, ['bad'])), {
      message: /INSERT of public\.t1 at LSN 0\/20.*event\.processing\.failure\.handling\.mode/,
    })
    assert.deepEqual(values(), ['c 1 @10 null'])
  })

  test('skips and counts such a change if asked to', async () => {
    const { send, values, counts } = await open({ onFailure: 'warn' })
    await send(10, begin(7, 40))
    await send(20, insert(OID, ['bad']))
    await send(30, insert(OID, ['2']))
    assert.deepEqual(values(), ['c 2 @30 null'])
    assert.equal(counts.erroneous, 1)
  })
})

describe('another stream', () => {
  test('continues after the last record, within a transaction', async () => {
    const first = await open()
    await first.send(10, begin(7, 40))
    for (const id of ['1', '2']) await first.send(10, insert(OID, [id]))
    const [, offset] = first.offsets()
    const second = await open({ offset })
    await second.send(10, begin(7, 40))
    for (const id of ['1', '2', '3']) await second.send(10, insert(OID, [id]))
    await second.send(20, insert(OID, ['4']))
    assert.deepEqual(second.values(), ['c 3 @10 null', 'c 4 @20 null'])
  })

  test('continues after the last transaction, whose offset was stored with its last event', async () => {
    const first = await open()
    await first.send(10, begin(7, 40))
    await first.send(10, insert(OID, ['1']))
    await first.send(41, commit(41))
    const second = await open({ position: first.output.position, offset: first.output.offset })
    assert.equal(second.resume.startLsn, 41)
    await second.send(20, begin(8, 60))
    await second.send(20, insert(OID, ['2'])) // began before the commit of the other one
    assert.deepEqual(second.values(), ['c 2 @20 41'])
  })

  test('does not take a keepalive within the interrupted transaction for its end', async () => {
    const first = await open()
    await first.send(10, begin(7, 400))
    await first.send(10, insert(OID, ['1']))
    const [offset] = first.offsets()
    const second = await open({ offset })
    second.stream.keepalive(200) // the commit is at 400
    await second.send(10, begin(7, 400))
    await second.send(10, insert(OID, ['1']))
    await second.send(20, insert(OID, ['2']))
    assert.deepEqual(second.values(), ['c 2 @20 null'])
  })

  test('does not repeat messages outside of transactions', async () => {
    const first = await open()
    await first.send(10, begin(6, 20))
    await first.send(21, commit(21))
    await first.send(30, logicalMessage(false, 30, 'early', ''))
    await first.send(25, begin(7, 40))
    await first.send(25, insert(OID, ['1']))
    const [message, change] = first.offsets()
    assert.equal(message?.['lsn_commit'], 30)

    const second = await open({ offset: change })
    await second.send(30, logicalMessage(false, 30, 'early', ''))
    await second.send(25, begin(7, 40))
    await second.send(25, insert(OID, ['1']))
    await second.send(41, commit(41))
    await second.send(50, logicalMessage(false, 50, 'late', ''))
    assert.deepEqual(second.values(), ['m late'])
  })
})

describe('an idle stream', () => {
  test('gives a position without a record when the server has sent everything', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] })
    const { stream, send, values, offsets } = await open()
    await send(10, begin(7, 40))
    assert.equal(stream.takeIdleOffset(), undefined)
    await send(10, insert(OID, ['1']))
    await send(41, commit(41))
    assert.equal(stream.takeIdleOffset(), undefined) // the record is not passed on yet
    values()
    stream.keepalive(100)
    assert.equal(stream.takeIdleOffset(), undefined) // the last event is not long ago
    t.mock.timers.tick(10_000)
    const idle = stream.takeIdleOffset()
    assert.equal(idle?.['lsn_commit'], 100)
    assert.equal(idle?.['messageType'], 'COMMIT')
    assert.equal(stream.takeIdleOffset(), undefined)
    await send(90, begin(8, 110))
    await send(90, insert(OID, ['2']))
    assert.equal(offsets()[0]?.['lsn_commit'], 100)
  })

  test('keeps the offset of a snapshot for a while before it gives a position', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] })
    const { stream } = await open()
    stream.keepalive(100)
    assert.equal(stream.takeIdleOffset(), undefined)
    t.mock.timers.tick(10_000)
    assert.equal(stream.takeIdleOffset()?.['lsn_commit'], 100)
  })

  test('gives no position before the snapshot: a stream may begin at an older position of the slot', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] })
    const { stream } = await open({ position: { lsnCommit: null, last: undefined, snapshotLsn: 200 } })
    stream.keepalive(100)
    t.mock.timers.tick(10_000)
    assert.equal(stream.takeIdleOffset(), undefined)
    stream.keepalive(200)
    assert.equal(stream.takeIdleOffset(), undefined)
    stream.keepalive(300)
    assert.equal(stream.takeIdleOffset()?.['lsn_commit'], 300)
  })

  test('gives none within a transaction', async () => {
    const { stream, send } = await open()
    await send(10, begin(7, 40))
    stream.keepalive(100)
    assert.equal(stream.takeIdleOffset(), undefined)
  })

  test('sends heartbeats with the current position', async (t) => {
    t.mock.timers.enable({ apis: ['Date'] })
    const { stream, send, values } = await open({ heartbeatMs: 1 })
    void stream.tick()
    assert.deepEqual(values(), []) // nothing was read yet
    await send(10, begin(7, 40))
    await send(41, commit(41))
    t.mock.timers.tick(2)
    void stream.tick()
    assert.ok(values().includes('heartbeat'))
  })
})

describe('between two transactions', () => {
  test('something runs after the current transaction, and messages wait for it', async () => {
    const { stream, send, values } = await open()
    let finish = () => {}
    const running = new Promise<void>((resolve) => {
      finish = resolve
    })
    let runs = 0
    await send(10, begin(7, 40))
    stream.between(() => {
      runs++
      return running
    })
    assert.equal(runs, 0)
    await send(10, insert(OID, ['1']))
    await send(41, commit(41))
    assert.equal(runs, 1)
    const next = send(50, begin(8, 60))
    const change = send(50, insert(OID, ['2']))
    assert.deepEqual(values(), ['c 1 @10 null'])
    finish()
    await next
    await change
    assert.deepEqual(values(), ['c 2 @50 41'])
  })
})
