import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  ConnectError,
  sourceRecord,
  type Delivery,
  type SourceOffset,
  type SourceRecord,
} from '../../../../api/index.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import type { LedgerEvents } from '../batch-ticket.ts'
import { MOST_SETTLED_BEHIND, OffsetLedger, type CommittableOffsets } from '../offset-ledger.ts'

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
  return new OffsetLedger({ refused: () => undefined, written: () => {}, ...events }, 'c-0')
}

/** The committable offsets as text: `a=2 b=1`. */
function text(offsets: CommittableOffsets): string {
  return [...offsets.values()]
    .map(([partition, offset]) => `${String(partition?.['file'])}=${String(offset?.['position'])}`)
    .toSorted()
    .join(' ')
}

test('only offsets of acknowledged records are returned', () => {
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
  assert.equal(text(ledger.take()), 'a=2')
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

test('with any order of acknowledgements, offsets are never ahead and never move backward', () => {
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

test('a dropped record neither delays nor advances an offset', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2 a3 b1'))
  ticket.dropped(0)
  ticket.dropped(2)
  ticket.dropped(3)
  ticket.acknowledged(1, 1, 't', 0, 0)

  assert.equal(text(ledger.take()), 'a=2')
})

test('records that share one offset object make it committable together', () => {
  const opened = () => {
    const ledger = ledgerOf()
    const sourceOffset = { position: 2 }
    const batch = records('a1 a2 a2 a2 a3').map((record, at) =>
      at >= 1 && at <= 3 ? { ...record, sourceOffset } : record,
    )
    return { ledger, ticket: ledger.open(batch) }
  }
  const { ledger, ticket } = opened()
  ticket.acknowledged(0, 1, 't', 0, 0)
  assert.equal(text(ledger.take()), 'a=1')
  ticket.acknowledged(1, 1, 't', 0, 1)
  assert.equal(text(ledger.take()), '')
  ticket.dropped(2)
  assert.equal(text(ledger.take()), '')
  ticket.acknowledged(3, 1, 't', 0, 2)
  assert.equal(text(ledger.take()), 'a=2')

  const other = opened()
  other.ticket.acknowledged(0, 2, 't', 0, 0)
  other.ticket.dropped(2)
  other.ticket.dropped(3)
  assert.equal(text(other.ledger.take()), 'a=2', 'those that follow were dropped')
})

test('the offset of a skipped record waits until its report is stored', async () => {
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

test('offsets that could not be stored are returned again, unless there are newer ones', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 b1 a2'))
  ticket.acknowledged(0, 2, 't', 0, 0)
  const lost = ledger.take()
  ticket.acknowledged(2, 1, 't', 0, 2)
  ledger.giveBack(lost)

  assert.equal(text(ledger.take()), 'a=2 b=1')
})

test('a record that Kafka rejects fails the task, and its offset is never returned', async () => {
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

test('a tolerated rejected record counts as acknowledged once its report is stored', async () => {
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

test('the ledger does not wait for records that are not sent', async () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 a2 a3'))
  ticket.acknowledged(0, 1, 't', 0, 0)
  ticket.abandoned(1)

  assert.equal(await ledger.drained(10_000, never), true)
  assert.equal(text(ledger.take()), 'a=1')
})

test('waiting for pending records times out', async () => {
  const ledger = ledgerOf()
  ledger.open(records('a1'))

  assert.equal(await ledger.drained(1, never), false)
})

test('delivered receives the topic partition and offset of records', () => {
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

test('source partitions are compared by content, not by identity', () => {
  const ledger = ledgerOf()
  const first = ledger.open(records('a1'))
  const second = ledger.open(records('a2'))
  second.acknowledged(0, 1, 't', 0, 1)
  assert.equal(text(ledger.take()), '')
  first.acknowledged(0, 1, 't', 0, 0)

  assert.equal(text(ledger.take()), 'a=2')
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('a settled record is released even while an earlier one is pending', async () => {
  const ledger = ledgerOf()
  const batch = records('a1 a2 a3 b1')
  const values = batch.map((record) => new WeakRef(record))
  const ticket = ledger.open(batch.splice(0))
  ticket.acknowledged(1, 1, 't', 0, 0)
  ticket.dropped(3)
  await settle() // a WeakRef keeps its target alive until then
  collectGarbage()
  assert.deepEqual(
    values.map((value) => value.deref() !== undefined),
    [true, false, true, false],
  )
  ticket.acknowledged(0, 1, 't', 0, 1)
})

test('a pending record is released if no event needs it', async () => {
  const ledger = new OffsetLedger({ written: () => {} }, 'c-0')
  const batch = records('a1 a2')
  const values = batch.map((record) => new WeakRef(record))
  const ticket = ledger.open(batch.splice(0))
  await settle() // a WeakRef keeps its target alive until then
  collectGarbage()
  assert.deepEqual(
    values.map((value) => value.deref()),
    [undefined, undefined],
  )
  ticket.acknowledged(0, 2, 't', 0, 0)
  assert.equal(text(ledger.take()), 'a=2')
})

test('if no record may be skipped, a rejected one fails the ledger and is no longer pending', () => {
  const errors: ConnectError[] = []
  const ledger = new OffsetLedger({ written: () => {}, failed: (error) => errors.push(error) }, 'c-0')
  const ticket = ledger.open(records('a1 a2 a3'))
  ticket.acknowledged(0, 1, 't', 0, 0)
  ticket.failed(1, 2, refusal)
  assert.deepEqual(errors, [refusal])
  assert.equal(ledger.failure, refusal)
  assert.equal(ledger.pending, 0)
  assert.equal(text(ledger.take()), 'a=1')
})

test('the ledger is full when too many settled records wait for a pending one', async () => {
  const ledger = ledgerOf()
  const size = 10_000
  const batch = records('a1').concat(Array.from({ length: size - 1 }, () => records('a2')).flat())
  const tickets = []
  while (!ledger.full) {
    const ticket = ledger.open(batch)
    ticket.acknowledged(1, size - 1, 't', 0, 0)
    tickets.push(ticket)
  }
  assert.equal(tickets.length, Math.ceil((MOST_SETTLED_BEHIND + 1) / (size - 1)))
  assert.equal(text(ledger.take()), '')

  const room = ledger.room(never)
  for (const ticket of tickets) ticket.acknowledged(0, 1, 't', 0, 0)
  await room
  assert.deepEqual([ledger.full, ledger.pending, text(ledger.take())], [false, 0, 'a=2'])
})

test('acknowledged batches after a pending record do not fill the ledger', () => {
  const ledger = ledgerOf()
  ledger.open(records('a1'))
  const batch = Array.from({ length: 1000 }, () => records('a2 b2')).flat()
  for (let round = 0; round <= MOST_SETTLED_BEHIND / batch.length; round++) {
    ledger.open(batch).acknowledged(0, batch.length, 't', 0, 0)
  }

  assert.equal(ledger.full, false)
  assert.equal(text(ledger.take()), 'b=2')
})

test('an offset that cannot be stored is rejected with its batch when it is polled', () => {
  const ledger = ledgerOf()
  const cases: readonly (readonly [unknown, unknown, RegExp])[] = [
    [{ since: new Date(0) }, null, /partition .* found a Date in 'since'$/],
    [{ table: 't', of: () => 1 }, null, /partition .* found a function in 'of'$/],
    ['t', null, /partition .* found a string$/],
    [{ table: 't' }, { at: Symbol('here') }, /offset .* found a symbol in 'at'$/],
    [{ table: 't' }, new Date(0), /offset .* found a Date$/],
    [{ table: 't' }, [1], /offset .* found an Array$/],
    [{ table: 't' }, 5, /offset .* found a number$/],
  ]
  for (const [sourcePartition, sourceOffset, message] of cases) {
    const [good] = records('a1')
    const bad = { ...good, sourcePartition, sourceOffset } as SourceRecord // JavaScript does not check it
    assert.throws(() => ledger.open([...records('a1'), bad]), { code: 'HR_DATA_INVALID', message })
  }
  assert.equal(ledger.pending, 0)
  ledger.open(records('a2')).acknowledged(0, 1, 't', 0, 0)
  assert.equal(text(ledger.take()), 'a=2')
})

test('values other than primitives are allowed if they can be stored', () => {
  const ledger = ledgerOf()
  const [record] = records('a1')
  const offset = { at: null, tables: ['t', 'u'], none: undefined } as unknown as SourceOffset
  ledger.open([{ ...record, sourceOffset: offset } as SourceRecord]).acknowledged(0, 1, 't', 0, 0)

  assert.deepEqual([...ledger.take().values()], [[{ file: 'a' }, offset]])
})

test('an offset is returned once', () => {
  const ledger = ledgerOf()
  const ticket = ledger.open(records('a1 b1'))
  ticket.acknowledged(1, 1, 't', 0, 0)
  assert.equal(text(ledger.take()), 'b=1')

  assert.equal(text(ledger.take()), '')
})
