import type { SourceOffset } from '../../../api/index.ts'
import { readProcessingTime } from '../events/processing-time.ts'
import type { TransactionMetadata } from '../events/transaction-metadata.ts'
import {
  readBegin,
  readCommitEnd,
  readLogicalMessage,
  readOrigin,
  readRelation,
  readTruncate,
  tags,
} from '../pgoutput/messages.ts'
import { readTuple } from '../pgoutput/tuples.ts'
import type { Lsn, Row, WalConsumer } from '../ports.ts'
import type { StreamSignals } from '../signals/ports.ts'
import type { Change, StreamCounts, StreamWriter } from './ports.ts'
import type { MessageType } from './position.ts'
import type { ResumePoint } from './resume.ts'
import { tellSignals } from './signal-rows.ts'
import type { StreamOutput } from './stream-output.ts'
import { StreamedTables, type CapturedTable } from './streamed-tables.ts'

export interface ChangeStreamParts {
  readonly resume: ResumePoint
  readonly output: StreamOutput
  /** The one that the output prepares. */
  readonly change: Change
  readonly writer: StreamWriter
  /** Undefined unless `provide.transaction.metadata` is set. */
  readonly transactions: TransactionMetadata | undefined
  readonly signals: StreamSignals | undefined
  readonly counts: StreamCounts
}

/** Milliseconds without events after which positions without events are stored. */
const IDLE_MS = 10_000
const OLD_KEY = 0x4b
const OLD_ROW = 0x4f

/**
 * Turns the messages of pgoutput into records.
 *
 * Source: PostgresStreamingChangeEventSource.
 */
export class ChangeStream implements WalConsumer {
  readonly #parts: ChangeStreamParts
  readonly #tables = new StreamedTables()
  /** Messages outside of transactions that may have been passed on before. */
  #held: { readonly bytes: Buffer; readonly at: number; readonly lsn: Lsn }[] = []
  #inTransaction = false
  /** An offset of a snapshot is kept for a while as well, so that its end can be seen. */
  readonly #openedAt = Date.now()
  /** How far the server has sent everything. */
  #walEnd: Lsn = 0
  #xmin: number | null = null
  /** Whether the next message is the first one of a chunk. */
  #newChunk = true
  /** To be run between two transactions. */
  #waiting: (() => Promise<void>) | undefined
  /** What runs between two transactions. Messages wait for it. */
  #between: Promise<void> | undefined

  constructor(parts: ChangeStreamParts) {
    this.#parts = parts
  }

  /** `source.xmin` of the following transactions. */
  set xmin(xmin: number | null) {
    this.#xmin = xmin
  }

  message(bytes: Buffer, start: number, end: number, lsn: Lsn): void | Promise<void> {
    if (this.#between !== undefined) return this.#between.then(() => this.message(bytes, start, end, lsn))
    if (this.#newChunk) {
      this.#newChunk = false
      this.#parts.change.time = readProcessingTime()
    }
    switch (bytes[start]) {
      case tags.insert:
        return this.#insert(bytes, start + 1, end, lsn)
      case tags.update:
        return this.#update(bytes, start + 1, end, lsn)
      case tags.delete:
        return this.#delete(bytes, start + 1, end, lsn)
      case tags.begin:
        return this.#begin(bytes, start + 1, lsn)
      case tags.commit:
        return this.#commit(bytes, start + 1)
      case tags.relation:
        return this.#relation(bytes, start + 1)
      case tags.truncate:
        return this.#truncate(bytes, start + 1, lsn)
      case tags.message:
        return this.#logicalMessage(bytes, start + 1, lsn)
      case tags.origin:
        return this.#replicated(bytes, start + 1)
      default:
        return undefined // types are read from the catalog
    }
  }

  keepalive(walEnd: Lsn): void {
    if (this.#inTransaction) return
    if (walEnd > this.#walEnd) this.#walEnd = walEnd
    this.#passed(walEnd)
    this.#parts.output.beat(true)
  }

  endOfChunk(): void | Promise<void> {
    this.#newChunk = true
    return this.#parts.output.flush()
  }

  /** Called regularly, not while the stream waits: passes on a heartbeat if it is due. */
  tick(): void | Promise<void> {
    this.#parts.output.beat(!this.#inTransaction)
    return this.#parts.output.flush()
  }

  /** Lets signals act between two transactions, also if nothing arrives. */
  wake(): void | Promise<void> {
    if (!this.#inTransaction) this.#passed(this.#walEnd)
    return this.#parts.output.flush()
  }

  /** Runs something between two transactions: now or after the current one. No message is read meanwhile. */
  between(run: () => Promise<void>): void {
    this.#waiting = run
    if (!this.#inTransaction) this.#runWaiting()
  }

  /**
   * Returns an offset to store without a record, because the server has sent WAL without captured changes since the last
   * one; undefined if there is none. The following records continue after it.
   *
   * Differs: Debezium needs heartbeats for this.
   */
  takeIdleOffset(): SourceOffset | undefined {
    const { output, counts } = this.#parts
    // an offset of an event tells more, and moves on by itself while there are events
    if (Date.now() - Math.max(counts.lastEventAt ?? 0, this.#openedAt) < IDLE_MS) return undefined
    return this.#inTransaction || !output.empty || this.#held.length > 0
      ? undefined
      : output.moveTo(this.#walEnd)
  }

  #begin(bytes: Buffer, at: number, lsn: Lsn): void {
    const { resume, output, transactions, signals, change } = this.#parts
    const { xid, finalLsn, commitTimeUs } = readBegin(bytes, at)
    const { heldAreNew, begunBefore } = resume.begin(xid, finalLsn)
    if (heldAreNew) this.#passHeld()
    this.#held = []
    this.#inTransaction = true
    const { origin } = change
    origin.txId = xid
    origin.timeUs = commitTimeUs
    origin.origin = null
    origin.originLsn = null
    origin.xmin = this.#xmin
    signals?.began(xid)
    change.counter = transactions ?? null
    if (begunBefore) return
    output.began()
    if (transactions !== undefined && !resume.skipsTransaction) {
      this.#write('BEGIN', lsn, 0, ({ offsets, out }) => {
        const begun = transactions.begin(xid, lsn, commitTimeUs, () => offsets.after)
        if (begun !== undefined) out.push(begun)
      })
    }
  }

  #commit(bytes: Buffer, at: number): void {
    const { resume, output, transactions, counts, change } = this.#parts
    const end = readCommitEnd(bytes, at)
    const skipped = resume.skipsTransaction
    resume.commit()
    this.#inTransaction = false
    if (end > this.#walEnd) this.#walEnd = end
    if (!skipped) {
      counts.transactions++
      counts.lastTxId = change.origin.txId
      if (transactions !== undefined) this.#endTransaction(transactions, end)
    }
    output.committed(end)
    this.#passed(end)
    output.beat(true)
    this.#runWaiting()
  }

  #runWaiting(): void {
    if (this.#waiting === undefined) return
    this.#between = this.#waiting().finally(() => {
      this.#between = undefined
    })
    this.#waiting = undefined
  }

  #endTransaction(transactions: TransactionMetadata, end: Lsn): void {
    this.#write('COMMIT', end, 0, ({ offsets, origin, out }) => {
      // the counts are reset afterwards
      const offset = () => Object.assign(offsets.after, transactions.offsetKeys())
      out.push(transactions.end(end, origin.timeUs ?? 0, offset))
    })
  }

  #replicated(bytes: Buffer, at: number): void {
    const { lsn, name } = readOrigin(bytes, at)
    const { origin } = this.#parts.change
    origin.origin = name
    origin.originLsn = lsn
  }

  async #relation(bytes: Buffer, at: number): Promise<void> {
    const { writer, signals } = this.#parts
    const relation = readRelation(bytes, at)
    this.#tables.add(relation, await writer.table(relation))
    signals?.relationChanged(relation.oid)
  }

  #insert(bytes: Buffer, at: number, end: number, lsn: Lsn): void {
    const table = this.#captured(bytes.readUInt32BE(at), lsn)
    if (table === undefined) return
    const { output, signals, counts } = this.#parts
    readTuple(bytes, at + 5, table.row)
    counts.creates++
    if (signals !== undefined) this.#tell(signals, table, null, table.row, lsn)
    const change = output.prepare('INSERT', lsn, end - at)
    try {
      table.writer.created(table.row, change)
    } catch (error) {
      output.failed('INSERT', lsn, table.name, error)
    }
    output.finish('INSERT', lsn)
  }

  #update(bytes: Buffer, at: number, end: number, lsn: Lsn): void {
    const table = this.#captured(bytes.readUInt32BE(at), lsn)
    if (table === undefined) return
    const { output, signals, counts } = this.#parts
    const kind = bytes[at + 4]
    const old = kind === OLD_KEY || kind === OLD_ROW ? table.old : null
    const next = old === null ? at + 4 : readTuple(bytes, at + 5, old)
    readTuple(bytes, next + 1, table.row)
    counts.updates++
    if (signals !== undefined) this.#tell(signals, table, old, table.row, lsn)
    const change = output.prepare('UPDATE', lsn, 2 * (end - at))
    try {
      table.writer.updated(old, table.row, change)
    } catch (error) {
      output.failed('UPDATE', lsn, table.name, error)
    }
    output.finish('UPDATE', lsn)
  }

  #delete(bytes: Buffer, at: number, end: number, lsn: Lsn): void {
    const table = this.#captured(bytes.readUInt32BE(at), lsn)
    if (table === undefined) return
    const { output, signals, counts } = this.#parts
    readTuple(bytes, at + 5, table.old)
    counts.deletes++
    if (signals !== undefined) this.#tell(signals, table, table.old, null, lsn)
    const change = output.prepare('DELETE', lsn, end - at)
    try {
      table.writer.deleted(table.old, change)
    } catch (error) {
      output.failed('DELETE', lsn, table.name, error)
    }
    output.finish('DELETE', lsn)
  }

  #truncate(bytes: Buffer, at: number, lsn: Lsn): void {
    const { resume, signals, counts } = this.#parts
    if (resume.change(lsn) !== 'pass') return
    const captured = readTruncate(bytes, at).flatMap((oid) => this.#tables.captured(oid) ?? [])
    if (captured.length === 0) return
    counts.truncates++
    if (signals !== undefined && captured.some(({ oid }) => oid === signals.watchedOid)) signals.truncated()
    this.#write('TRUNCATE', lsn, 0, (change) => {
      for (const [index, { writer }] of captured.entries()) {
        writer.truncated(change, index === captured.length - 1)
      }
    })
  }

  #logicalMessage(bytes: Buffer, at: number, lsn: Lsn): void {
    const { resume } = this.#parts
    if (readLogicalMessage(bytes, at).transactional) {
      if (resume.change(lsn) === 'pass') this.#writeMessage(bytes, at, lsn)
      return
    }
    const verdict = resume.message(lsn)
    if (verdict === 'hold') this.#held.push({ bytes, at, lsn })
    else if (verdict === 'pass') this.#passMessage(bytes, at, lsn)
  }

  #passHeld(): void {
    for (const { bytes, at, lsn } of this.#held) this.#passMessage(bytes, at, lsn)
    this.#held = []
  }

  #passMessage(bytes: Buffer, at: number, lsn: Lsn): void {
    const { output, change } = this.#parts
    change.origin.txId = null
    change.origin.timeUs = null
    change.counter = null
    output.standsAlone(lsn)
    this.#writeMessage(bytes, at, lsn)
    change.origin.lastCommitLsn = lsn
  }

  #writeMessage(bytes: Buffer, at: number, lsn: Lsn): void {
    const message = readLogicalMessage(bytes, at)
    this.#parts.counts.messages++
    this.#write('MESSAGE', lsn, message.content.length, (change) =>
      this.#parts.writer.message(message, change),
    )
  }

  /** Writes the records of a message that is not the change of a row. */
  #write(type: MessageType, lsn: Lsn, bytes: number, write: (change: Change) => void): void {
    const { output } = this.#parts
    const change = output.prepare(type, lsn, bytes)
    try {
      write(change)
    } catch (error) {
      output.failed(type, lsn, undefined, error)
    }
    output.finish(type, lsn)
  }

  /** Tells the signals about a change, before its records are made. */
  #tell(signals: StreamSignals, table: CapturedTable, old: Row | null, row: Row | null, lsn: Lsn): void {
    const { output, change } = this.#parts
    output.add(tellSignals(signals, table, change.origin.txId ?? 0, old, row, output.at(lsn)))
  }

  /** Everything before `lsn` has been passed on. */
  #passed(lsn: Lsn): void {
    const { output, signals } = this.#parts
    if (signals !== undefined) output.add(signals.passed(lsn, output.at(lsn)))
  }

  /** Returns the table of a change that is to be passed on. */
  #captured(oid: number, lsn: Lsn): CapturedTable | undefined {
    const { resume, counts } = this.#parts
    const table = this.#tables.captured(oid)
    if (table === undefined) {
      counts.filtered++
      return undefined
    }
    return resume.done || resume.change(lsn) === 'pass' ? table : undefined
  }
}
