import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, sourceRecord, type Delivery, type SourceRecord } from '../../../../api/index.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import { OffsetLedger, type CommittableOffsets, type LedgerEvents } from '../offset-ledger.ts'

const never: AbortSignal = new AbortController().signal
const refusal = new ConnectError('HR_KAFKA_REFUSED', 'refused')

/** Records of source partitions: `a1 b1 a2` are the first of `a`, the first of `b`, the second of `a`. */
function records(names: string): SourceRecord[] {
  return names.split(' ').map((name) =>
    sourceRecord({
      topic: 't',
      sourcePartition: { file: name.charAt(0) },
      sourceOffset: { position: Number(name.slice(1)) },
    }),
  )
}

function ledgerOf(events: Partial<LedgerEvents> = {}): OffsetLedger {
  return new OffsetLedger({ refused: () => undefined, written: () => {}, ...events })
}

/** `a=2 b=1` for the offsets that may be stored. */
function text(offsets: CommittableOffsets): string {
  return [...offsets.values()]
    .map(([partition, offset]) => `${String(partition?.['file'])}=${String(offset?.['position'])}`)
    .toSorted()
    .join(' ')
}

test('only offsets of acknowledged records are given out', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2 a3'))
  assert.equal(text(ledger.take()), '')

  ticket.acknowledged(0, 2, 't', 0, 0)
  assert.equal(text(ledger.take()), 'a=2')
  ticket.acknowledged(2, 1, 't', 0, 2)
  assert.equal(text(ledger.take()), 'a=3')
})

test('an offset waits for all records before it in its source partition', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 b1 a2 b2'))
  ticket.acknowledged(2, 2, 't', 0, 0)
  assert.equal(text(ledger.take()), '')

  ticket.acknowledged(1, 1, 't', 0, 2)
  assert.equal(text(ledger.take()), 'b=2')
  ticket.acknowledged(0, 1, 't', 0, 3)
  assert.equal(text(ledger.take()), 'a=2 b=2')
})

test('an offset waits for records of earlier batches too', () => {
  const ledger = ledgerOf()
  const first = ledger.open(records('a1 b1'))
  const second = ledger.open(records('a2 c1'))
  second.acknowledged(0, 2, 't', 0, 0)
  first.acknowledged(1, 1, 't', 0, 2)
  assert.equal(text(ledger.take()), 'b=1 c=1')

  first.acknowledged(0, 1, 't', 0, 3)
  assert.match(text(ledger.take()), /a=2/)
})

test('whatever the order of acknowledgements, offsets are never ahead and never go back', () => {
  const all = records('a1 b1 a2 a3 b2 c1 a4 c2 b3 a5 c3 b4')
  for (let seed = 1; seed <= 300; seed++) {
    const ledger = ledgerOf()
    const batches = [all.slice(0, 4), all.slice(4, 7), all.slice(7)]
    const tickets = batches.map((batch) => ledger.open(batch))
    const open = batches.flatMap((batch, place) => batch.map((record, index) => ({ place, index, record })))
    const acknowledged = new Set<SourceRecord>()
    const stored = new Map<unknown, number>()
    for (let random = seed; open.length > 0; random = (random * 7919 + 13) % 104_729) {
      const [next] = open.splice(random % open.length, 1)
      if (next === undefined) break
      tickets[next.place]?.acknowledged(next.index, 1, 't', 0, 0)
      acknowledged.add(next.record)
      for (const [partition, offset] of ledger.take().values()) {
        const file = partition?.['file']
        const position = Number(offset?.['position'])
        const behind = all.filter(
          (record) =>
            record.sourcePartition?.['file'] === file &&
            Number(record.sourceOffset?.['position']) <= position,
        )
        assert.ok(
          behind.every((record) => acknowledged.has(record)),
          `seed ${seed}: ${String(file)}=${position} is ahead`,
        )
        assert.ok(
          position >= (stored.get(file) ?? 0),
          `seed ${seed}: ${String(file)} goes back to ${position}`,
        )
        stored.set(file, position)
      }
    }
    assert.deepEqual(
      ['a', 'b', 'c'].map((file) => stored.get(file)),
      [5, 4, 3],
    )
    assert.equal(ledger.pending, 0)
  }
})

test('a dropped record neither holds up nor moves an offset', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2 a3 b1'))
  ticket.dropped(0)
  ticket.dropped(2)
  ticket.dropped(3)
  ticket.acknowledged(1, 1, 't', 0, 0)

  assert.equal(text(ledger.take()), 'a=2')
})

test('a record that is skipped holds up its offset until its report is safe', async () => {
  const report = gate()
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2'))
  ticket.droppedAfter(0, report.opened)
  ticket.acknowledged(1, 1, 't', 0, 0)
  assert.equal(text(ledger.take()), '')

  report.open()
  await settle()
  assert.equal(text(ledger.take()), 'a=2')
})

test('offsets that could not be stored come again, unless newer ones do', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 b1 a2'))
  ticket.acknowledged(0, 2, 't', 0, 0)
  const lost = ledger.take()
  ticket.acknowledged(2, 1, 't', 0, 2)
  ledger.giveBack(lost)

  assert.equal(text(ledger.take()), 'a=2 b=1')
})

test('a record that Kafka refuses ends the task, and its offset is never given out', async () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2 a3'))
  ticket.acknowledged(0, 1, 't', 0, 0)
  ticket.failed(1, 1, refusal)
  ticket.acknowledged(2, 1, 't', 0, 1)
  await settle()

  assert.equal(ledger.failure, refusal)
  assert.equal(text(ledger.take()), 'a=1')
  assert.equal(await ledger.drained(10_000, never), true)
})

test('a refused record that is tolerated counts as passed once its report is safe', async () => {
  const report = gate()
  const ledger = ledgerOf({ refused: () => report.opened })
  const ticket = ledger.open(records('a1 a2'))
  ticket.failed(0, 1, refusal)
  ticket.acknowledged(1, 1, 't', 0, 0)
  await settle()
  assert.equal(text(ledger.take()), '')

  report.open()
  await settle()
  assert.equal(ledger.failure, undefined)
  assert.equal(text(ledger.take()), 'a=2')
})

test('records that are not sent at all are not waited for', async () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2 a3'))
  ticket.acknowledged(0, 1, 't', 0, 0)
  ticket.abandoned(1)

  assert.equal(await ledger.drained(10_000, never), true)
  assert.equal(text(ledger.take()), 'a=1')
})

test('waiting for what is pending has an end', async () => {
  const ledger = ledgerOf()
  ledger.open(records('a1'))

  assert.equal(await ledger.drained(1, never), false)
})

test('the task hears where its records went', () => {
  const heard: Delivery[] = []
  const ledger = ledgerOf({ delivered: (deliveries) => heard.push(...deliveries) })
  const batch = records('a1 a2 a3')
  const ticket = ledger.open(batch)
  ticket.acknowledged(0, 2, 't', 3, 40)
  ticket.dropped(2)

  assert.deepEqual(
    heard.map(({ record, destination }) => [batch.indexOf(record), destination]),
    [
      [0, { topic: 't', partition: 3, offset: 40 }],
      [1, { topic: 't', partition: 3, offset: 41 }],
      [2, null],
    ],
  )
})

test('partitions are told apart by their content, not by their object', () => {
  const ledger = ledgerOf()
  const first = ledger.open(records('a1'))
  const second = ledger.open(records('a2'))
  second.acknowledged(0, 1, 't', 0, 1)
  assert.equal(text(ledger.take()), '')
  first.acknowledged(0, 1, 't', 0, 0)

  assert.equal(text(ledger.take()), 'a=2')
})
