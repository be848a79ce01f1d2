import {
  ConnectError,
  JsonValue,
  type Header,
  type SourceOffset,
  type SourceRecord,
} from '../../../api/index.ts'
import type { Operation, Row } from '../ports.ts'
import type { EventContext } from './context.ts'
import type { Struct } from './fields/row-struct.ts'
import type { ChangeOffsets, EventOrigin } from './ports.ts'
import type { ProcessingTime } from './processing-time.ts'
import type { SourceBlock } from './schemas/source.ts'
import type { TableEvents, TableJson } from './table-events.ts'
import type { EventCounter, TransactionBlock } from './transaction-metadata.ts'

/** The circumstances of a change, apart from its table and rows. */
export interface Change {
  readonly origin: EventOrigin
  /**
   * `before` is read before the events of the change are counted, and `after` when its last record is made. They can be
   * getters that include the counts.
   */
  readonly offsets: ChangeOffsets
  readonly time: ProcessingTime
  /** Counts the events of the transaction. Null without transaction metadata, and outside of transactions. */
  readonly counter: EventCounter | null
}

/**
 * Makes the records of changes, and appends them to `out`. Nothing is appended for an operation in `skipped.operations`.
 *
 * Differs: all but the last record of a change carry the offset before the change, so that a restart repeats the change unless all
 * of it was stored.
 */
export interface ChangeRecords {
  /** A row of a snapshot. */
  read(events: TableEvents, row: Row, change: Change, out: SourceRecord[]): void
  created(events: TableEvents, row: Row, change: Change, out: SourceRecord[]): void
  /**
   * `old` is the old row if the server sent it. If the keys differ, the update becomes a delete with the old key and a
   * create with the new one. With `skip.messages.without.change`, nothing is appended if key and value are equal.
   */
  updated(events: TableEvents, row: Row, old: Row | null, change: Change, out: SourceRecord[]): void
  /** Nothing is appended if the server did not send the old row: nothing tells which row it was. */
  deleted(events: TableEvents, old: Row | null, change: Change, out: SourceRecord[]): void
  /** One TRUNCATE may concern several tables: `last` says that this is the last of them. */
  truncated(events: TableEvents, change: Change, out: SourceRecord[], last?: boolean): void
}

/** Returns the maker of records of a task. Source: RelationalChangeRecordEmitter, EventDispatcher. */
export function changeRecords(context: EventContext): ChangeRecords {
  const { skippedOperations: skipped, skipMessagesWithoutChange } = context.settings
  const emit = eventRecord(context)
  const emitDelete = deleteRecords(context, emit)
  return {
    read: (events, row, change, out) => {
      out.push(emit(events, 'r', events.key(row), null, row, change, null, null))
    },
    created: (events, row, change, out) => {
      if (skipped.has('c') || row.count === 0) return
      out.push(emit(events, 'c', events.key(row), null, row, change, null, null))
    },
    updated: (events, row, old, change, out) => {
      if (row.count === 0) return
      if (old !== null && !events.sameKey(row, old)) {
        const key = events.key(row, old)
        const oldKey = events.key(old)
        const creates = !skipped.has('c')
        emitDelete(events, old, oldKey, change, keyHeader('newkey', events, key), !creates, out)
        if (!creates) return
        const header = keyHeader('oldkey', events, oldKey)
        out.push(emit(events, 'c', key, old, row, change, null, header))
        return
      }
      if (skipped.has('u')) return
      if (skipMessagesWithoutChange && old !== null && events.sameValue(row, old)) return
      out.push(emit(events, 'u', events.key(row, old), old, row, change, null, null))
    },
    deleted: (events, old, change, out) => {
      if (old === null || old.count === 0) return
      emitDelete(events, old, events.key(old), change, null, true, out)
    },
    truncated: (events, change, out, last = true) => {
      if (skipped.has('t')) return
      out.push(emit(events, 't', null, null, null, change, last ? null : change.offsets.before, null))
    },
  }
}

/**
 * Makes one record. `old` also has the values of TOASTed cells of `row` that did not change. `offset` is null for the last
 * record of a change.
 */
type Emit = (
  events: TableEvents,
  op: Operation,
  key: Struct | null,
  old: Row | null,
  row: Row | null,
  change: Change,
  offset: SourceOffset | null,
  header: Header | null,
) => SourceRecord

function eventRecord({ source, sourcePartition, headers }: EventContext): Emit {
  return (events, op, key, old, row, change, offset, header) => {
    const { origin, counter } = change
    const transaction = counter === null ? null : counter.count(events.collection, origin.lsn)
    return {
      topic: events.topic,
      partition: null,
      // a truncate concerns no single row
      keySchema: op === 't' ? null : events.keySchema,
      key,
      valueSchema: events.envelopeSchema,
      value:
        events.json === undefined
          ? envelope(source, events, op, old, row, change, transaction)
          : jsonEnvelope(events.json, op, old, row, change, transaction),
      timestamp: null,
      headers: header === null ? headers : [header, ...headers],
      sourcePartition,
      sourceOffset: offset ?? change.offsets.after,
    }
  }
}

/** Creates have no old row: that of a changed key is the one of its delete. */
const showsOld = (op: Operation, old: Row | null): old is Row => old !== null && op !== 'c'

function envelope(
  source: SourceBlock,
  events: TableEvents,
  op: Operation,
  old: Row | null,
  row: Row | null,
  { origin, time }: Change,
  transaction: TransactionBlock | null,
): Struct {
  return {
    before: showsOld(op, old) ? events.before(old) : null,
    after: row === null ? null : events.after(row, old),
    source: source(origin, events.table, time),
    transaction,
    op,
    ts_ms: time.ms,
    ts_us: time.us,
    ts_ns: time.ns,
  }
}

function jsonEnvelope(
  { row: rowText, noRow, envelope: envelopeText }: TableJson,
  op: Operation,
  old: Row | null,
  row: Row | null,
  { origin, time }: Change,
  transaction: TransactionBlock | null,
): JsonValue {
  const before = showsOld(op, old) ? rowText(old, null) : noRow
  const after = row === null ? noRow : rowText(row, old)
  return new JsonValue(joined(envelopeText(before, after, origin, time, op, transaction)))
}

const OPENING_BRACE = 0x7b

/**
 * Makes the engine join the parts of a text. It does so when a character is read, and keeps all parts until then: while an
 * event waits in the queue, they would take several times the memory, and every garbage collection would copy them.
 */
function joined(text: string): string {
  if (text.charCodeAt(0) === OPENING_BRACE) return text
  throw new ConnectError('HR_ILLEGAL_STATE', 'An envelope is not a JSON object.')
}

type EmitDelete = (
  events: TableEvents,
  old: Row,
  key: Struct | null,
  change: Change,
  header: Header | null,
  last: boolean,
  out: SourceRecord[],
) => void

/** Appends a delete and its tombstone. `last` says that no other record of the change follows. */
function deleteRecords({ settings }: EventContext, emit: Emit): EmitDelete {
  const { skippedOperations, tombstonesOnDelete } = settings
  return (events, old, key, change, header, last, out) => {
    if (skippedOperations.has('d')) return
    // both share the offset after them: a transform may drop the tombstone, and offsets of dropped records are not stored
    const start = last ? null : change.offsets.before
    const record = emit(events, 'd', key, old, null, change, start, header)
    out.push(record)
    if (!tombstonesOnDelete) return
    out.push(tombstone(record))
  }
}

function tombstone(deleted: SourceRecord): SourceRecord {
  return {
    topic: deleted.topic,
    partition: null,
    keySchema: deleted.keySchema,
    key: deleted.key,
    valueSchema: null,
    value: null,
    timestamp: null,
    headers: deleted.headers,
    sourcePartition: deleted.sourcePartition,
    sourceOffset: deleted.sourceOffset,
  }
}

function keyHeader(name: 'newkey' | 'oldkey', events: TableEvents, key: Struct | null): Header {
  return { key: `__debezium.${name}`, schema: events.keySchema, value: key }
}
