import { ConnectError, messageOf, type Delivery, type SourceRecord } from '../../../api/index.ts'
import type { DeliveryListener } from '../../kafka/index.ts'
import type { BatchRuns } from './batch-runs.ts'
import { ACKNOWLEDGED, DROPPED, type OffsetRun, type Settled } from './partition-offsets.ts'

/** Events that a ledger reports to its owner. */
export interface LedgerEvents {
  /**
   * Called when Kafka rejects a record. Returns undefined when the record may not be skipped. Otherwise returns a
   * promise to wait for before the record's offset may be stored; a rejection fails the task. Omitted when no
   * record may be skipped.
   */
  refused?(record: SourceRecord, error: ConnectError): Promise<void> | undefined
  /** Called when `count` more records are in Kafka. */
  written(count: number): void
  /**
   * Called for records that reached Kafka or were dropped on purpose. Omitted when the task has no
   * `delivered` hook.
   */
  delivered?(deliveries: readonly Delivery[]): void
  /** Called once, when a record ends the task. */
  failed?(error: ConnectError): void
}

/** Events that a ticket reports to its ledger. */
export interface TicketLedger {
  settled(count: number): void
  /** Called when a run of a source partition has no pending records left. */
  completed(run: OffsetRun): void
  /** Called when all `count` records of the ticket are settled. */
  closed(count: number): void
  /** Called when `count` records will never settle: they were rejected, or were not sent at all. */
  abandoned(count: number): void
  failed(error: ConnectError): void
}

/** One polled batch in the ledger. */
export class BatchTicket implements DeliveryListener {
  /**
   * The pending records, by index. Undefined when no event needs them: garbage collection of records that live until
   * they are acknowledged takes much longer than that of short-lived ones.
   */
  readonly #records: (SourceRecord | undefined)[] | undefined
  readonly #size: number
  readonly #runs: BatchRuns
  readonly #events: LedgerEvents
  readonly #ledger: TicketLedger
  #pending: number

  constructor(records: readonly SourceRecord[], runs: BatchRuns, events: LedgerEvents, ledger: TicketLedger) {
    const needed = events.refused !== undefined || events.delivered !== undefined
    this.#records = needed ? records.slice() : undefined
    this.#size = records.length
    this.#runs = runs
    this.#events = events
    this.#ledger = ledger
    this.#pending = records.length
  }

  acknowledged(first: number, count: number, topic: string, partition: number, baseOffset: number): void {
    this.#guarded(() => this.#acknowledge(first, count, topic, partition, baseOffset))
  }

  failed(first: number, count: number, error: ConnectError): void {
    this.#guarded(() => this.#fail(first, count, error))
  }

  /** Settles a record that is not sent: filtered, or skipped after an error. */
  dropped(index: number): void {
    this.#pass(index, DROPPED)
  }

  /** Drops a skipped record. It stays pending until its report is safe. */
  droppedAfter(index: number, report: Promise<void>): void {
    this.#skip(index, DROPPED, report)
  }

  /** Gives up the records from `first` on: the task ends before sending them. They count as never polled. */
  abandoned(first: number): void {
    this.#ledger.abandoned(this.#size - first)
  }

  #acknowledge(first: number, count: number, topic: string, partition: number, baseOffset: number): void {
    const { delivered } = this.#events
    const deliveries: Delivery[] = []
    if (delivered !== undefined) {
      for (let step = 0; step < count; step++) {
        const record = this.#records?.[first + step]
        const offset = baseOffset < 0 ? -1 : baseOffset + step
        if (record !== undefined) deliveries.push({ record, destination: { topic, partition, offset } })
      }
    }
    this.#settle(first, count, ACKNOWLEDGED)
    this.#events.written(count)
    delivered?.(deliveries)
  }

  #fail(first: number, count: number, error: ConnectError): void {
    if (this.#records === undefined) {
      this.#ledger.failed(error)
      this.#ledger.abandoned(count)
      return
    }
    for (let index = first; index < first + count; index++) {
      const record = this.#records[index]
      if (record === undefined) continue
      const report = this.#events.refused?.(record, error)
      if (report === undefined) {
        this.#ledger.failed(error)
        this.#ledger.abandoned(first + count - index)
        return
      }
      this.#skip(index, ACKNOWLEDGED, report)
    }
  }

  #skip(index: number, state: Settled, report: Promise<void>): void {
    report.then(
      () => this.#guarded(() => this.#pass(index, state)),
      (lost: unknown) => {
        this.#ledger.failed(lost as ConnectError)
        this.#ledger.abandoned(1)
      },
    )
  }

  /**
   * An accounting error ends the task instead of reaching the producer, which has other listeners to notify.
   */
  #guarded(account: () => void): void {
    try {
      account()
    } catch (cause) {
      const message = `Failed to account for records that were sent: ${messageOf(cause)}`
      this.#ledger.failed(new ConnectError('HR_CONNECT', message, { cause }))
    }
  }

  #pass(index: number, state: Settled): void {
    const record = this.#records?.[index]
    this.#settle(index, 1, state)
    if (record !== undefined) this.#events.delivered?.([{ record, destination: null }])
  }

  #settle(first: number, count: number, state: Settled): void {
    this.#records?.fill(undefined, first, first + count)
    this.#runs.settle(first, count, state, (run) => this.#ledger.completed(run))
    this.#pending -= count
    if (this.#pending === 0) this.#ledger.closed(this.#size)
    this.#ledger.settled(count)
  }
}
