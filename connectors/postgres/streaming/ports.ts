import type { SourceOffset, SourceRecord } from '../../../api/index.ts'
import { readProcessingTime, type ProcessingTime } from '../events/processing-time.ts'
import type { Change as EventChange } from '../events/records.ts'
import type { EventCounter } from '../events/transaction-metadata.ts'
import type { LogicalMessage, Relation } from '../pgoutput/messages.ts'
import type { Row } from '../ports.ts'

/** The change that records are made from. One instance serves all changes of a stream. */
export interface Change extends EventChange {
  readonly offsets: { before: SourceOffset; after: SourceOffset }
  time: ProcessingTime
  counter: EventCounter | null
  /** The records are appended here. */
  out: SourceRecord[]
}

/** Makes the records of one captured table, as one version of it. */
export interface TableWriter {
  /** Whether the table is `signal.data.collection`. */
  readonly isSignalTable: boolean
  created(row: Row, change: Change): void
  /** `old` is null if the server sent no old row. */
  updated(old: Row | null, row: Row, change: Change): void
  deleted(old: Row, change: Change): void
  /** `last`: no other table follows in the same statement. */
  truncated(change: Change, last: boolean): void
}

/** Makes the records of tables and messages of a stream. */
export interface StreamWriter {
  /** Reads the catalog for a table. Resolves to undefined if it is not captured. */
  table(relation: Relation): Promise<TableWriter | undefined>
  message(message: LogicalMessage, change: Change): void
}

/** Takes the records of a stream. A promise means back-pressure. `bytes` estimates their size in memory. */
export type Emit = (records: SourceRecord[], bytes: number) => void | Promise<void>

/** Numbers of a stream, for the metrics. */
export interface StreamCounts {
  creates: number
  updates: number
  deletes: number
  truncates: number
  messages: number
  /** Changes of tables that are not captured. */
  filtered: number
  /** Changes of which no event can be made, and which were skipped. */
  erroneous: number
  transactions: number
  lastTxId: number | null
  /** When the last change was read; milliseconds since the epoch. */
  lastEventAt: number | null
  /** Time from the commit of that change until then; milliseconds. */
  behindMs: number | null
}

/** Returns counts of 0. */
export function noCounts(): StreamCounts {
  return {
    creates: 0,
    updates: 0,
    deletes: 0,
    truncates: 0,
    messages: 0,
    filtered: 0,
    erroneous: 0,
    transactions: 0,
    lastTxId: null,
    lastEventAt: null,
    behindMs: null,
  }
}

/** Returns a change of nothing yet. */
export function newChange(): Change {
  return {
    origin: {
      timeUs: null,
      txId: null,
      lsn: null,
      lastCommitLsn: null,
      xmin: null,
      origin: null,
      originLsn: null,
      marker: 'false',
    },
    offsets: { before: {}, after: {} },
    time: readProcessingTime(),
    counter: null,
    out: [],
  }
}
