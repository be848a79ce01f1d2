import {
  ConnectError,
  messageOf,
  type Logger,
  type OffsetValue,
  type SourceOffset,
  type SourceRecord,
} from '../../../api/index.ts'
import { formatLsn } from '../connection/lsn.ts'
import type { Lsn } from '../ports.ts'
import type { StreamPosition } from '../signals/ports.ts'
import { Heartbeats } from './heartbeats.ts'
import { streamOffset } from './offsets.ts'
import type { Change, Emit, StreamCounts } from './ports.ts'
import type { MessageType, Position } from './position.ts'
import { RecordGate, type Complete } from './record-gate.ts'

export interface StreamOutputParts {
  readonly emit: Emit
  /** Completes the records so far before they are passed on. */
  readonly complete?: Complete | undefined
  /** More keys to store with each offset. */
  readonly offsetKeys: (() => Readonly<Record<string, OffsetValue>>) | undefined
  /** `event.processing.failure.handling.mode` */
  readonly onFailure: 'fail' | 'warn' | 'skip'
  readonly heartbeat: (offset: SourceOffset) => SourceRecord
  /** `heartbeat.interval.ms`; 0 turns heartbeats off. */
  readonly heartbeatMs: number
  readonly counts: StreamCounts
  readonly log: Logger
}

/** How far records go: the offset of the last one, and the position after it. */
interface Reached {
  readonly offset: SourceOffset | undefined
  readonly position: Position
}

/** Memory of a record besides the bytes of its row. */
const RECORD_BYTES = 1000

/**
 * Collects the records of a stream, gives each its offset, and knows the position after the last one.
 *
 * Source: PostgresOffsetContext.
 */
export class StreamOutput {
  readonly #parts: StreamOutputParts
  readonly #heartbeats: Heartbeats
  readonly #gate: RecordGate<Reached>
  readonly #reached = (): Reached => ({ offset: this.#offset, position: this.#position })
  #records: SourceRecord[] = []
  #bytes = 0
  /** Number of records before those of the current message. */
  #known = 0
  /** One instance for all changes: its origin is that of the current transaction. */
  readonly #change: Change
  readonly #snapshotLsn: Lsn | null
  /** Offset of the last record. */
  #offset: SourceOffset | undefined
  #lsn: Lsn
  /** Events at `#lsn`. */
  #count: number
  #type: MessageType
  /** Commit time of the last transaction. */
  #timeUs: number | null = null
  /** End of the last complete transaction, or a later position without changes of captured tables. */
  #lsnCommit: Lsn | null

  /** `offset` is that of the last record that was passed on, `position` what follows from it. */
  constructor(
    parts: StreamOutputParts,
    change: Change,
    offset: SourceOffset | undefined,
    position: Position,
  ) {
    const { last, lsnCommit, snapshotLsn } = position
    this.#parts = parts
    this.#heartbeats = new Heartbeats(parts.heartbeatMs)
    this.#gate = new RecordGate(parts.emit, parts.complete, { offset, position })
    this.#change = change
    this.#offset = offset
    this.#snapshotLsn = snapshotLsn
    this.#lsnCommit = lsnCommit
    this.#lsn = last?.lsn ?? -1
    this.#count = last?.count ?? 0
    this.#type = last?.type ?? 'COMMIT'
    change.origin.txId = last?.txId ?? null
    change.origin.lastCommitLsn = lsnCommit
  }

  /** Where another stream continues after the records so far, without those that were lost. */
  get position(): Position {
    return this.#gate.lostAfter?.position ?? this.#position
  }

  get #position(): Position {
    const { txId } = this.#change.origin
    const last = this.#lsn < 0 ? undefined : { lsn: this.#lsn, count: this.#count, txId, type: this.#type }
    return { lsnCommit: this.#lsnCommit, last, snapshotLsn: this.#snapshotLsn }
  }

  /** Offset of the last record that was not lost. */
  get offset(): SourceOffset | undefined {
    const lostAfter = this.#gate.lostAfter
    return lostAfter === undefined ? this.#offset : lostAfter.offset
  }

  /** Whether all records were passed on. */
  get empty(): boolean {
    return this.#records.length === 0 && !this.#gate.waits
  }

  /** Another transaction begins: its events are counted anew, also at the LSN of the last event. */
  began(): void {
    this.#count = 0
  }

  /**
   * Returns what the records of a message are made with. They carry the offset after it, the last one at least. `bytes` is
   * the size of the message.
   */
  prepare(type: MessageType, lsn: Lsn, bytes: number): Change {
    const change = this.#change
    this.#bytes += bytes
    this.#known = this.#records.length
    this.#count = lsn === this.#lsn ? this.#count + 1 : 1
    change.origin.lsn = lsn
    change.offsets.after = this.#offsetAt(type, lsn, this.#count)
    change.offsets.before = this.#offset ?? this.#startOffset() ?? change.offsets.after
    change.out = this.#records
    return change
  }

  /** The records of a message are complete. */
  finish(type: MessageType, lsn: Lsn): void {
    this.#lsn = lsn
    this.#type = type
    if (this.#records.length === this.#known) return
    const { after } = this.#change.offsets
    // only now, because the message may have changed them
    if (this.#parts.offsetKeys !== undefined) Object.assign(after, this.#parts.offsetKeys())
    this.#offset = after
    this.beat(false)
  }

  /** No records can be made of a message. Throws `HR_DATA_INVALID`, unless such messages are skipped. */
  failed(type: MessageType, lsn: Lsn, table: string | undefined, cause: unknown): void {
    const { onFailure, counts, log } = this.#parts
    this.#records.length = this.#known
    const what = `${type} ${table === undefined ? '' : `of ${table} `}at LSN ${formatLsn(lsn)}`
    if (onFailure === 'fail') {
      const message = `Cannot make an event of the ${what}. To skip such changes, set event.processing.failure.handling.mode to warn.`
      throw new ConnectError('HR_DATA_INVALID', message, { cause })
    }
    counts.erroneous++
    if (onFailure === 'warn') {
      log.warn(`skipped the ${what}: no event can be made of it`, { reason: messageOf(cause) })
    }
  }

  /** A transaction is complete. */
  committed(end: Lsn): void {
    this.#lsnCommit = this.#lsn = end
    this.#count = 1
    this.#type = 'COMMIT'
    this.#change.origin.lastCommitLsn = end
  }

  /** A message outside of transactions follows. Everything committed before it has been passed on. */
  standsAlone(lsn: Lsn): void {
    this.#lsnCommit = lsn
  }

  /** Appends records that have their offsets. */
  add(records: readonly SourceRecord[]): void {
    for (const record of records) {
      this.#records.push(record)
      if (record.sourceOffset !== null) this.#offset = record.sourceOffset
    }
  }

  /** Appends a heartbeat if it is due. `between`: the stream is between two transactions. */
  beat(between: boolean): void {
    if (!this.#heartbeats.due()) return
    const offset = between && this.#lsn >= 0 ? this.#boundaryOffset() : this.#offset
    if (offset === undefined) return
    this.#heartbeats.sent()
    this.add([this.#parts.heartbeat(offset)])
  }

  /** Passes on the records so far. Rejects if some cannot be completed: they and all later ones are lost. */
  flush(): void | Promise<void> {
    if (this.#records.length === 0) return this.#gate.settled()
    this.#noteTime()
    const records = this.#records
    const bytes = this.#bytes + records.length * RECORD_BYTES
    this.#records = []
    this.#bytes = 0
    return this.#gate.pass(records, bytes, this.#reached)
  }

  /**
   * Moves to `walEnd`, before which everything was passed on, and returns the offset there; undefined if that is not behind
   * the last event or the snapshot.
   */
  moveTo(walEnd: Lsn): SourceOffset | undefined {
    if (walEnd <= (this.#lsnCommit ?? this.#snapshotLsn ?? 0) || walEnd <= this.#lsn) return undefined
    this.#lsnCommit = this.#lsn = walEnd
    this.#count = 1
    this.#type = 'COMMIT'
    return (this.#offset = this.#boundaryOffset())
  }

  /** The position for signals, while they are told about a change or a commit. */
  at(lsn: Lsn): StreamPosition {
    return {
      offset: () => ({ ...(this.#offset ?? this.#boundaryOffset()), ...this.#parts.offsetKeys?.() }),
      lsn,
      lastCommitLsn: this.#change.origin.lastCommitLsn,
    }
  }

  /** Returns the offset before the first event. */
  #startOffset(): SourceOffset | undefined {
    const lsn = this.#lsnCommit ?? this.#snapshotLsn
    if (lsn === null) return undefined
    return streamOffset({
      lsn,
      count: 1,
      lsnCommit: lsn,
      txId: null,
      timeUs: null,
      xmin: null,
      type: 'COMMIT',
    })
  }

  #noteTime(): void {
    const { counts } = this.#parts
    const { timeUs } = this.#change.origin
    counts.lastEventAt = Date.now()
    if (timeUs !== null) counts.behindMs = counts.lastEventAt - Math.floor(timeUs / 1000)
  }

  #boundaryOffset(): SourceOffset {
    return { ...this.#offsetAt(this.#type, this.#lsn, this.#count), ...this.#parts.offsetKeys?.() }
  }

  #offsetAt(type: MessageType, lsn: Lsn, count: number): SourceOffset {
    const { txId, xmin } = this.#change.origin
    // that of the last transaction, for messages outside of transactions
    const timeUs = (this.#timeUs = this.#change.origin.timeUs ?? this.#timeUs)
    const lsnCommit = type === 'COMMIT' ? lsn : this.#lsnCommit
    return streamOffset({ lsn, count, lsnCommit, txId, timeUs, xmin, type })
  }
}
