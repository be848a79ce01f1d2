import {
  ConnectError,
  isConnectError,
  messageOf,
  type Delivery,
  type SourceRecord,
} from '../../../../api/index.ts'
import { within } from '../../../timing/index.ts'
import { noteCommit, noteTransaction } from '../../metrics.ts'
import { hadToWait } from '../back-pressure.ts'
import { CommittedHook } from '../committed-hook.ts'
import { MOST_WAITING_DELIVERIES, type DeliveryHook } from '../delivery-hook.ts'
import { IDLE_OFFSETS_INTERVAL_MS, IdleOffsets } from '../idle-offsets.ts'
import { OffsetLedger } from '../offset-ledger.ts'
import type { RecordCommits } from '../record-commits.ts'
import { deliveryHook, ledgerEvents, type SourceRun } from '../source-run.ts'
import { SourceSender, type SourceSenderParts } from '../source-sender.ts'
import type { TransactionParts } from './ports.ts'
import { TransactionHold } from './transaction-hold.ts'
import type { TransactionEnd } from './transaction-requests.ts'

/** How long a failed task waits until its transaction is aborted. Readers of committed records wait for it. */
const ABORT_TIMEOUT_MS = 5000

/**
 * Writes records and their offsets in transactions. README.md shows the states.
 *
 * Invariant 1: an offset is in the transaction of its record.
 * Invariant 5: a newer task has another epoch of the same transactional id, so that this one can no longer commit. A task
 * that another worker may have writes nothing either, so that it does not fail for that reason.
 * Source: ExactlyOnceWorkerSourceTask (KIP-618). Differs: a boundary does not divide records after which the task is not
 * `resumable`, as far as the timeout of the transaction allows.
 */
export class ExactlyOnce implements RecordCommits {
  readonly #run: SourceRun
  readonly #transactions: TransactionParts
  readonly #ledger: OffsetLedger
  readonly #sender: SourceSender
  readonly #deliveries: DeliveryHook | undefined
  readonly #hook: CommittedHook
  readonly #idle: IdleOffsets
  readonly #hold: TransactionHold
  #isOpen = false
  /** Number of records of the transaction that Kafka has. */
  #size = 0
  #begunAt = 0
  #sentAt = 0
  #lastCommitMs = 0
  #idleAt = Date.now() + IDLE_OFFSETS_INTERVAL_MS
  /** Whether a batch is being sent; only a part of it may be in the transaction. */
  #isSending = false
  /** Deliveries in the transaction. */
  #uncommitted: Delivery[] = []
  /** The last call of the `committed` hook. */
  #telling: Promise<void> = Promise.resolve()

  constructor(run: SourceRun, transactions: TransactionParts) {
    const { task, parts, poller, waits, hard } = run
    const timeoutMs = parts.settings.flushTimeoutMs
    this.#run = run
    this.#transactions = transactions
    this.#deliveries = deliveryHook(run)
    this.#hook = new CommittedHook(task, { ...parts, timeoutMs }, hard)
    const events = ledgerEvents(run)
    const ledger = new OffsetLedger(
      {
        ...events,
        written: (count) => {
          this.#size += count
          events.written(count)
        },
        ...(this.#deliveries === undefined
          ? {}
          : { delivered: (sent) => void this.#uncommitted.push(...sent) }),
      },
      parts.name,
    )
    this.#ledger = ledger
    const { producer } = transactions
    this.#sender = new SourceSender({ ...parts, producer, topics: this.#beginningTopics() }, waits)
    this.#hold = new TransactionHold(task, transactions, parts)
    this.#idle = new IdleOffsets(task, ledger, () => ledger.settled && !this.#isOpen && !poller.unsent, parts)
  }

  get failure(): ConnectError | undefined {
    return this.#ledger.failure
  }

  get dueInMs(): number {
    const idleAt = this.#idle.wanted ? this.#idleAt : Infinity
    return Math.min(this.#dueAt, idleAt) - Date.now()
  }

  start(): void {}

  hadToWait(): Promise<boolean> {
    return hadToWait(this.#run, this.#ledger, this.#deliveries)
  }

  async send(records: readonly SourceRecord[]): Promise<void> {
    this.#isSending = true
    this.#hold.sending()
    try {
      await this.#sendParts(records)
    } finally {
      this.#isSending = false
    }
    this.#sentAt = Date.now()
    await this.#hold.sent()
    await this.#endAsRequested()
  }

  async polledNothing(): Promise<void> {
    await this.#endAsRequested()
  }

  async commitDue(): Promise<void> {
    if (this.#idle.wanted && Date.now() >= this.#idleAt) {
      this.#idleAt = Date.now() + IDLE_OFFSETS_INTERVAL_MS
      if (await this.#idle.collect()) return this.#commit()
    }
    if (Date.now() >= this.#dueAt) await this.#commit()
  }

  /** In the middle of a batch, the transaction stays open: a batch is not divided. */
  async paused(): Promise<void> {
    if (!this.#isSending && !this.#isHeld) await this.#commitLast()
  }

  async finish(stopped: boolean): Promise<void> {
    const { parts, hard } = this.#run
    const mayCommit = () => stopped && parts.lease.held && !hard.aborted
    try {
      if (mayCommit() && !this.#isHeld) await this.#commitLast()
      if (mayCommit() && (await this.#idle.collect())) await this.#commit()
    } finally {
      await this.#abortOpen(stopped)
      const { flushTimeoutMs } = parts.settings
      await this.#deliveries?.caughtUp(flushTimeoutMs, hard)
      await within(flushTimeoutMs, this.#telling, () => {}, hard)
      this.#deliveries?.finish()
    }
  }

  explained(cause: ConnectError): ConnectError {
    const { name, handler } = this.#run.parts
    handler.check()
    if (cause.code !== 'HR_TRANSACTION_EXPIRED') {
      const message = `Failed to flush offsets and/or records for task ${name}`
      return new ConnectError('HR_CONNECT', message, { cause })
    }
    const message =
      `The task ${name} was unable to finish writing records to Kafka before its producer transaction expired. ` +
      `Raise producer.override.transaction.timeout.ms, or end transactions earlier: lower transaction.boundary.interval.ms, or set transaction.boundary to poll.`
    return new ConnectError('HR_CONNECT', message, { cause })
  }

  get #dueAt(): number {
    // A pause in the middle of a batch asks too: a commit would wait for the rest of the batch
    if (!this.#isOpen || this.#isSending) return Infinity
    const { boundary } = this.#transactions
    // Records are kept until the hook gets them
    if (boundary.endsWithTask && this.#tooManyDeliveries) return 0
    const dueAt = boundary.dueAt({
      begunAt: this.#begunAt,
      sentAt: this.#sentAt,
      lastCommitMs: this.#lastCommitMs,
    })
    return this.#isHeld ? Math.max(dueAt, this.#begunAt + this.#hold.longestMs) : dueAt
  }

  get #tooManyDeliveries(): boolean {
    return this.#uncommitted.length > MOST_WAITING_DELIVERIES
  }

  get #isHeld(): boolean {
    return this.#isOpen && this.#hold.isOn
  }

  /**
   * The topics of the task. The sender asks whether a topic is ready before it sends the first record of a batch, with which
   * a transaction begins; a check of each record would cost more.
   */
  #beginningTopics(): SourceSenderParts['topics'] {
    const { topics } = this.#run.parts
    const { offsetsTopic } = this.#transactions
    return {
      isReady: (topic) => {
        if (topic === offsetsTopic) throw ownOffsetsTopic()
        if (!topics.isReady(topic)) return false
        if (!this.#isOpen) this.#begin()
        return true
      },
      create: (topic, signal) => topics.create(topic, signal),
      findPartitions: (topic, signal) => topics.findPartitions(topic, signal),
    }
  }

  #begin(): void {
    this.#transactions.producer.begin()
    this.#isOpen = true
    this.#size = 0
    this.#begunAt = this.#sentAt = Date.now()
  }

  async #sendParts(records: readonly SourceRecord[]): Promise<void> {
    const { poller, ended } = this.#run
    const parts = this.#transactions.requests?.divide(records) ?? [{ records, end: undefined }]
    for (const [index, part] of parts.entries()) {
      const ticket = this.#ledger.open(part.records)
      if (index === parts.length - 1) poller.sent()
      await this.#sender.send(part.records, ticket, ended)
      if (part.end !== undefined) await this.#end(part.end)
    }
  }

  /** Ends the transaction if the task has requested that for the last batch. */
  async #endAsRequested(): Promise<void> {
    const end = this.#transactions.requests?.takeBatch()
    if (end !== undefined) await this.#end(end)
  }

  async #commitLast(): Promise<void> {
    if (this.#transactions.boundary.endsWithTask) await this.#commit()
    else await this.#endAsRequested()
  }

  async #end(end: TransactionEnd): Promise<void> {
    if (end === 'abort') await this.#abort()
    await this.#commit()
  }

  /** Drops the records of the transaction. Their offsets stay in the ledger for the next one. */
  async #abort(): Promise<void> {
    const { parts, hard } = this.#run
    if (!this.#isOpen) {
      parts.log.warn('ignoring the request of the task to abort its transaction, which has no records')
      return
    }
    parts.log.info('aborting the transaction at the request of the task')
    try {
      await this.#settled()
      await this.#transactions.producer.abort(hard)
      this.#isOpen = false
    } catch (error) {
      throw this.#commitFailure(error)
    }
  }

  async #commit(): Promise<void> {
    const { parts, hard } = this.#run
    const { producer } = this.#transactions
    const startedAt = Date.now()
    const wasHeld = this.#isHeld
    let offsets
    try {
      await this.#settled()
      offsets = this.#ledger.take()
      if (!this.#isOpen && offsets.size === 0) return
      if (!this.#isOpen) this.#begin()
      await this.#transactions.append([...offsets.values()])
      await producer.commit(hard)
    } catch (error) {
      noteCommit(parts.metrics, false, Date.now() - startedAt)
      throw this.#commitFailure(error)
    }
    if (wasHeld) this.#hold.broken(this.#whyNotHeld())
    this.#isOpen = false
    this.#lastCommitMs = Date.now() - startedAt
    noteCommit(parts.metrics, true, this.#lastCommitMs)
    noteTransaction(parts.metrics, this.#size)
    void this.#transactions.committed([...offsets.values()])
    this.#deliveries?.add(this.#uncommitted)
    this.#uncommitted = []
    this.#telling = this.#hook.tell(offsets)
  }

  #whyNotHeld(): string {
    return this.#tooManyDeliveries
      ? `more than ${MOST_WAITING_DELIVERIES} records wait for the delivered hook`
      : `the transaction was open for ${this.#hold.longestMs} ms, half of transaction.timeout.ms; raise producer.override.transaction.timeout.ms`
  }

  /** Waits until Kafka has all records sent so far, and the reports of dropped ones. Throws when one was rejected. */
  async #settled(): Promise<void> {
    const { hard } = this.#run
    await this.#transactions.producer.flush(hard)
    await this.#ledger.drained(Infinity, hard)
    if (this.failure !== undefined) throw this.failure
    hard.throwIfAborted()
  }

  #commitFailure(error: unknown): unknown {
    return isConnectError(error) ? this.explained(error) : error
  }

  /** Aborts the transaction of a task that has failed, or that leaves it open at its end. */
  async #abortOpen(stopped: boolean): Promise<void> {
    const { hard, parts } = this.#run
    if (!this.#isOpen || hard.aborted) return
    if (stopped && this.#isHeld)
      parts.log.info('aborting the transaction: the next start of the task sends its records again')
    this.#isOpen = false
    try {
      await this.#transactions.producer.abort(AbortSignal.any([hard, AbortSignal.timeout(ABORT_TIMEOUT_MS)]))
    } catch (error) {
      parts.log.debug('the transaction was not aborted; a broker or the next start of the task does it', {
        reason: messageOf(error),
      })
    }
  }
}

/**
 * A reader of the offsets topic waits for the open transaction of this task, so that the task could wait for itself.
 * Source: ExactlyOnceWorkerSourceTask.prepareToSendRecord.
 */
function ownOffsetsTopic(): ConnectError {
  const message =
    'Source tasks may not produce to their own offsets topics when exactly-once support is enabled'
  return new ConnectError('HR_CONNECT', message)
}
