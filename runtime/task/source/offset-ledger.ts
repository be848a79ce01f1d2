import {
  printJson,
  type ConnectError,
  type Delivery,
  type SourceOffset,
  type SourcePartition,
  type SourceRecord,
} from '../../../api/index.ts'
import type { DeliveryListener } from '../../kafka/index.ts'
import { Changes } from '../../timing/index.ts'

/** Offsets that may be stored, by the text of their partition. */
export type CommittableOffsets = Map<string, readonly [SourcePartition | null, SourceOffset | null]>

/** What a ledger tells its owner. */
export interface LedgerEvents {
  /**
   * A record that Kafka did not take. Undefined: it may not be passed over. Otherwise what has to be waited for before
   * its offset counts; a rejection ends the task.
   */
  refused(record: SourceRecord, error: ConnectError): Promise<void> | undefined
  /** That many records more are in Kafka. */
  written(count: number): void
  /** Records that reached Kafka, or were dropped on purpose. Undefined: nobody wants to know. */
  delivered?(deliveries: readonly Delivery[]): void
}

const PENDING = 0
const ACKNOWLEDGED = 1
const DROPPED = 2

/**
 * Which source offsets may be stored: per source partition, those up to the first record that Kafka has not
 * acknowledged. A dropped record neither holds up nor moves an offset.
 *
 * Invariant 1: no offset is given out before its record and all before it in its partition are acknowledged.
 * Invariant 2: the offsets of a partition are given out in the order of its records.
 * Invariant 3: a record that Kafka did not take ends the task, unless it is tolerated.
 * Source: SubmittedRecords.
 */
export class OffsetLedger {
  readonly #events: LedgerEvents
  readonly #changes = new Changes()
  /** Batches that are not settled throughout, oldest first; a settled one waits for those before it. */
  #tickets: BatchTicket[] = []
  #committable: CommittableOffsets = new Map()
  #pending = 0
  #failure: ConnectError | undefined

  constructor(events: LedgerEvents) {
    this.#events = events
  }

  /** A record that was not taken and may not be passed over; the task is to end with it. */
  get failure(): ConnectError | undefined {
    return this.#failure
  }

  /** Records that are neither acknowledged nor dropped. */
  get pending(): number {
    return this.#pending
  }

  /** Takes up a polled batch; each record is to be acknowledged, failed or dropped by its index. */
  open(records: readonly SourceRecord[]): BatchTicket {
    const ticket = new BatchTicket(records, this.#events, {
      settled: (count) => this.#settled(count),
      failed: (error) => this.#fail(error),
    })
    this.#tickets.push(ticket)
    this.#pending += records.length
    return ticket
  }

  /** Takes the offsets that may be stored now. What cannot be stored is to be given back. */
  take(): CommittableOffsets {
    const blocked = new Set<string>()
    const offsets = this.#committable
    this.#committable = new Map()
    for (const ticket of this.#tickets) ticket.collect(offsets, blocked)
    return offsets
  }

  /** Offsets that could not be stored; newer ones win. */
  giveBack(offsets: CommittableOffsets): void {
    this.#committable = new Map([...offsets, ...this.#committable])
  }

  /** Resolves when nothing is pending or a record failed for good; false when that takes too long. */
  drained(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#changes.waitFor(() => this.#pending === 0 || this.#failure !== undefined, timeoutMs, signal)
  }

  #settled(count: number): void {
    this.#pending -= count
    while (this.#tickets[0]?.complete === true) {
      this.#tickets.shift()?.collect(this.#committable, NOTHING_BLOCKED)
    }
    this.#changes.notify()
  }

  #fail(error: ConnectError): void {
    this.#failure ??= error
    this.#changes.notify()
  }
}

const NOTHING_BLOCKED = new Set<string>()

/** One polled batch in the ledger. */
export class BatchTicket implements DeliveryListener {
  readonly #records: readonly SourceRecord[]
  readonly #states: Uint8Array
  readonly #events: LedgerEvents
  readonly #ledger: { settled(count: number): void; failed(error: ConnectError): void }
  #open: number

  constructor(
    records: readonly SourceRecord[],
    events: LedgerEvents,
    ledger: { settled(count: number): void; failed(error: ConnectError): void },
  ) {
    this.#records = records
    this.#states = new Uint8Array(records.length)
    this.#events = events
    this.#ledger = ledger
    this.#open = records.length
  }

  get complete(): boolean {
    return this.#open === 0
  }

  acknowledged(first: number, count: number, topic: string, partition: number, baseOffset: number): void {
    this.#states.fill(ACKNOWLEDGED, first, first + count)
    this.#settle(count)
    this.#events.written(count)
    this.#events.delivered?.(
      this.#records.slice(first, first + count).map((record, step) => ({
        record,
        destination: { topic, partition, offset: baseOffset < 0 ? -1 : baseOffset + step },
      })),
    )
  }

  failed(first: number, count: number, error: ConnectError): void {
    for (let index = first; index < first + count; index++) {
      const record = this.#records[index]
      if (record === undefined) continue
      const report = this.#events.refused(record, error)
      if (report === undefined) {
        this.#ledger.failed(error)
        return
      }
      this.#passOver(index, ACKNOWLEDGED, report)
    }
  }

  /** A record that goes nowhere: filtered, or skipped after an error. */
  dropped(index: number): void {
    this.#pass(index, DROPPED)
  }

  /** A record that was skipped, and counts as pending until the report on it is safe (invariants 1 and 3). */
  droppedAfter(index: number, report: Promise<void>): void {
    this.#passOver(index, DROPPED, report)
  }

  /** Records from `first` on that are not sent at all, because the task ends. They count as never polled. */
  abandoned(first: number): void {
    const count = this.#records.length - first
    this.#ledger.settled(count)
  }

  /**
   * Adds the offsets of acknowledged records. A partition with an earlier record still pending is blocked, and
   * records of this batch that are pending block theirs.
   */
  collect(into: CommittableOffsets, blocked: Set<string>): void {
    let lastPartition: SourcePartition | null | undefined
    let key = ''
    let offset: SourceOffset | null | undefined
    const keep = () => {
      if (lastPartition !== undefined && offset !== undefined) into.set(key, [lastPartition, offset])
      offset = undefined
    }
    for (let index = 0; index < this.#records.length; index++) {
      const record = this.#records[index]
      const state = this.#states[index]
      if (record === undefined || state === DROPPED) continue
      if (record.sourcePartition !== lastPartition) {
        keep()
        lastPartition = record.sourcePartition
        key = printJson(lastPartition)
      }
      if (state === PENDING) {
        keep()
        blocked.add(key)
      } else if (!blocked.has(key)) {
        offset = record.sourceOffset
      }
    }
    keep()
  }

  #passOver(index: number, state: number, report: Promise<void>): void {
    report.then(
      () => this.#pass(index, state),
      (lost: unknown) => this.#ledger.failed(lost as ConnectError),
    )
  }

  #pass(index: number, state: number): void {
    const record = this.#records[index]
    this.#states[index] = state
    this.#settle(1)
    if (record !== undefined) this.#events.delivered?.([{ record, destination: null }])
  }

  #settle(count: number): void {
    this.#open -= count
    this.#ledger.settled(count)
  }
}
