import type { ConnectError, SourceRecord } from '../../../api/index.ts'
import { hadToWait } from './back-pressure.ts'
import type { DeliveryHook } from './delivery-hook.ts'
import { IdleOffsets } from './idle-offsets.ts'
import { OffsetCommitter } from './offset-committer.ts'
import { OffsetLedger } from './offset-ledger.ts'
import type { RecordCommits } from './record-commits.ts'
import { sendFailed } from './rejected-records.ts'
import { deliveryHook, ledgerEvents, reportRefused, type SourceRun } from './source-run.ts'
import { SourceSender } from './source-sender.ts'

/**
 * Stores offsets once Kafka has acknowledged their records: at each `offset.flush.interval.ms`, and at the end, also
 * after a failure. Records after the last stored offset are delivered again.
 *
 * Source: WorkerSourceTask.
 */
export class AtLeastOnce implements RecordCommits {
  readonly dueInMs = Infinity
  readonly #run: SourceRun
  readonly #ledger: OffsetLedger
  readonly #sender: SourceSender
  readonly #deliveries: DeliveryHook | undefined
  readonly #committer: OffsetCommitter
  readonly #idle: IdleOffsets
  #committing: Promise<void> = Promise.resolve()
  #over = false

  constructor(run: SourceRun) {
    const { task, parts, poller, waits, hard } = run
    const { handler } = parts
    this.#run = run
    this.#deliveries = deliveryHook(run)
    // Invariant 3: records that the producer drops because its task ends are neither skipped nor reported
    const mayPassOver = () => !this.#over && !hard.aborted && this.failure === undefined
    const ledger = new OffsetLedger(
      {
        ...ledgerEvents(run),
        ...(handler.tolerates
          ? {
              refused: (record, error) => (mayPassOver() ? reportRefused(handler, record, error) : undefined),
            }
          : {}),
        ...(this.#deliveries === undefined ? {} : { delivered: (sent) => this.#deliveries?.add(sent) }),
      },
      parts.name,
    )
    this.#ledger = ledger
    this.#sender = new SourceSender(parts, waits)
    this.#committer = new OffsetCommitter(ledger, task, parts, hard)
    this.#idle = new IdleOffsets(task, ledger, () => ledger.settled && !poller.unsent, parts)
  }

  get failure(): ConnectError | undefined {
    return this.#ledger.failure
  }

  start(): void {
    this.#committing = this.#committer.run(this.#run.ended, this.#idle)
  }

  hadToWait(): Promise<boolean> {
    return hadToWait(this.#run, this.#ledger, this.#deliveries)
  }

  async send(records: readonly SourceRecord[]): Promise<void> {
    const ticket = this.#ledger.open(records)
    this.#run.poller.sent()
    await this.#sender.send(records, ticket, this.#run.ended)
  }

  async polledNothing(): Promise<void> {}

  async commitDue(): Promise<void> {}

  async paused(): Promise<void> {}

  /** Invariant 5: a task that another worker may have drops what it has not sent, and stores nothing. */
  async finish(stopped: boolean): Promise<void> {
    await this.#committing
    if (this.#run.parts.lease.held) await this.#storeLast(stopped)
    this.#deliveries?.finish()
    this.#over = true
  }

  /** Throws the error of a lost report unchanged; wraps that of a rejected record as Kafka Connect does. */
  explained(failure: ConnectError): ConnectError {
    this.#run.parts.handler.check()
    return sendFailed(failure)
  }

  /**
   * Stores the committable offsets, waits for records in flight, and stores again.
   *
   * Invariant 1: only offsets of acknowledged records are stored. Source: AbstractWorkerSourceTask.execute,
   * close.
   */
  async #storeLast(stopped: boolean): Promise<void> {
    const { parts, hard } = this.#run
    const { flushTimeoutMs } = parts.settings
    const waits = this.failure === undefined ? [flushTimeoutMs, parts.finalFlushMs] : [flushTimeoutMs]
    if (this.#ledger.pending > 0) await this.#committer.commit()
    for (const [index, waitMs] of waits.entries()) {
      if (hard.aborted) break
      const drained = await this.#drain(waitMs)
      await this.#deliveries?.caughtUp(flushTimeoutMs, hard)
      if (drained && stopped) await this.#idle.collect()
      await this.#committer.commit(drained || index === waits.length - 1)
      if (drained) break
    }
  }

  async #drain(timeoutMs: number): Promise<boolean> {
    const late = new AbortController()
    this.#run.parts.producer.flush(late.signal).catch(() => {}) // sends incomplete batches at once
    const drained = await this.#ledger.drained(timeoutMs, this.#run.hard)
    late.abort()
    return drained
  }
}
