import { ConnectError } from '../../../api/index.ts'
import type { Outcome, SearchServer } from '../ports.ts'
import {
  sendBulk,
  tooLargeError,
  type Answer,
  type Failure,
  type Invalid,
  type Processed,
} from './answers/bulk-request.ts'
import { isLimited, isRefusal, type RetryCause } from './answers/causes.ts'
import { operationFailed, refusal } from './answers/item-result.ts'
import { divided } from './answers/divided.ts'
import type { Entry, Settlement } from './entry.ts'
import type { BulkMetrics } from './metrics.ts'
import { backoffMs } from './pace/backoff.ts'
import { waitFor, type Clock } from './pace/clock.ts'
import type { Permit, RequestLimiter } from './pace/limiter.ts'
import type { RetryReports } from './pace/reports.ts'
import type { RequestSize } from './pace/request-size.ts'
import type { BulkSettings } from './settings.ts'

/** Least first wait for a server that is overloaded or away. */
const LEAST_PAUSE_MS = 100
/** Attempts in a row, with no other request in flight, after which a batch is divided: it may be too much at once. */
const STALLS_TO_SPLIT = 3
/** An attempt without a response that lasted as long was not refused by the network: the server may be too slow. */
const SLOW_MS = 100
/** A full queue of the server has room again soon, for large batches too. */
const QUEUE_FULL = /queue capacity/
/** A slow server gets batches of at least this size, because an outage looks the same. */
const LEAST_SLOW_BYTES = 64 * 1024

/** What the batches of a writer share. */
export interface Sending {
  readonly server: SearchServer
  readonly settings: BulkSettings
  readonly limiter: RequestLimiter
  readonly size: RequestSize
  readonly reports: RetryReports
  readonly metrics: BulkMetrics
  readonly clock: Clock
  readonly random: () => number
  /** Aborted when nothing more is sent. */
  readonly signal: AbortSignal
  /** Called with all operations of a batch once, in order. The outcome of dropped operations is undefined. */
  settle(settled: readonly Settlement[]): Promise<void>
  /** Called when a request starts or ends. */
  changed(): void
}

/** What is known of an attempt besides the answer. */
interface Attempt {
  readonly permit: Permit
  /** Whether no other request was in flight at the end. */
  readonly alone: boolean
  readonly slow: boolean
}

/**
 * Writes the operations of one batch, until all of them are settled.
 *
 * | State of an operation | Event                                       | Next state                                   |
 * | --------------------- | ------------------------------------------- | -------------------------------------------- |
 * | in a request          | written, superseded or refused              | settled                                      |
 * | in a request          | temporary error, alone or of the request    | waits for the next request of this batch     |
 * | in a request          | the same document failed before it in there | waits until the one that failed is settled   |
 * | in a request          | the request is too large or not valid       | in one half of the batch, the first one first |
 * | in a request          | an error that cannot pass, or too many      | the writer has failed                        |
 * | waits                 | the backoff is over                         | in a request                                 |
 * | any                   | dropped                                     | settled, unless it is in a request           |
 *
 * No other batch contains operations on the same documents meanwhile, so the order of each document is preserved. An
 * operation can be applied twice: after a lost response, and if an earlier one on its document failed in the same request.
 */
export class Batch {
  readonly #sending: Sending
  /** What is left. Groups are sent one after another. */
  readonly #groups: Entry[][]
  #requesting = false
  /** Attempts without progress. */
  #attempts = 0
  /** Attempts without progress that `max.retries` limits. */
  #errors = 0
  /** Attempts without progress while this was the only request in flight. */
  #stalls = 0

  constructor(entries: Entry[], sending: Sending) {
    this.#groups = [entries]
    this.#sending = sending
  }

  /** Whether a request is in flight. */
  get requesting(): boolean {
    return this.#requesting
  }

  /** Operations that are not settled. */
  *left(): Iterable<Entry> {
    for (const group of this.#groups) yield* group
  }

  /** Resolves when all operations are settled. Rejects with an error that ends the writer. */
  async write(): Promise<void> {
    try {
      while (this.#groups.length > 0) {
        if (this.#groups[0]?.length === 0) this.#groups.shift()
        else await this.#send()
      }
    } finally {
      this.#sending.reports.ended(this)
    }
  }

  /** Settles what has been dropped, unless a request is in flight: then once it has ended. */
  async settleDropped(): Promise<void> {
    if (this.#requesting) return
    const gone: Settlement[] = []
    for (const [index, group] of this.#groups.entries()) {
      if (!group.some(isDropped)) continue
      this.#groups[index] = group.filter((entry) => !isDropped(entry))
      for (const entry of group.filter(isDropped)) gone.push({ entry, outcome: undefined })
    }
    await this.#sending.settle(gone)
  }

  /** Sends the first group. */
  async #send(): Promise<void> {
    const { limiter, signal } = this.#sending
    const permit = await limiter.start(signal)
    await this.settleDropped()
    const [group = []] = this.#groups
    let answer: Answer | undefined
    let attempt: Attempt
    this.#requesting = group.length > 0
    const startedAt = this.#sending.clock.now()
    try {
      if (this.#requesting) answer = await this.#request(group)
    } finally {
      this.#requesting = false
      const slow = this.#sending.clock.now() - startedAt >= SLOW_MS
      attempt = { permit, slow, alone: limiter.inFlight === 1 }
      limiter.end()
      this.#sending.changed()
    }
    signal.throwIfAborted()
    if (answer === undefined) return
    if (answer.kind === 'processed') await this.#processed(group, answer, attempt)
    else if (answer.kind === 'failed') await this.#failed(answer, attempt)
    else if (answer.kind === 'too large') await this.#tooLarge(group)
    else await this.#invalid(group, answer)
  }

  #request(group: readonly Entry[]): Promise<Answer> {
    const { server, metrics, signal } = this.#sending
    metrics.sent(group.length, bytesOf(group))
    this.#sending.changed()
    return sendBulk(server, group, signal)
  }

  async #processed(group: Entry[], { results, retryAfterMs }: Processed, attempt: Attempt): Promise<void> {
    const { limiter, size, settings } = this.#sending
    const { settled, again, followers, causes, fatal, reason } = divided(group, results, settings.maxRetries)
    if (causes.has('overload')) limiter.overloaded(attempt.permit)
    else limiter.succeeded()
    if (again.length === 0) size.accepted(bytesOf(group))
    this.#groups.splice(0, 1, again, followers)
    if (settled.length > 0) this.#progress()
    await this.#sending.settle(settled)
    if (fatal !== undefined) throw fatal
    if (again.length === 0) return
    const [first = 'error'] = causes
    const cause = causes.has('overload') ? 'overload' : first
    await this.#later({ cause, reason, retryAfterMs }, attempt)
  }

  async #failed(failure: Failure, attempt: Attempt): Promise<void> {
    const { cause, reason } = failure
    const { limiter, settings } = this.#sending
    if (cause === 'overload' || cause === 'outage') limiter.overloaded(attempt.permit)
    if (isLimited(cause) && ++this.#errors > settings.maxRetries) {
      const message = `cannot write to the server, after ${this.#errors} attempts: ${reason}`
      throw new ConnectError('HR_CONNECT', message)
    }
    await this.#later(failure, attempt)
  }

  /** Waits before the next attempt. */
  async #later({ cause, reason, retryAfterMs = 0 }: Failure, attempt: Attempt): Promise<void> {
    const { settings, clock, random, reports, metrics, limiter, signal } = this.#sending
    this.#attempts++
    if (!QUEUE_FULL.test(reason)) this.#divideIfStalled(cause, attempt)
    const { retryBackoffMs } = settings
    const firstMs = isLimited(cause) ? retryBackoffMs : Math.max(LEAST_PAUSE_MS, retryBackoffMs)
    const waitMs = Math.max(retryAfterMs, backoffMs(this.#attempts, firstMs, random))
    const operations = this.#groups[0]?.length ?? 0
    reports.failed(this, { cause, reason, waitMs, operations })
    metrics.retried(operations)
    if (retryAfterMs > 0) limiter.pause(retryAfterMs, () => this.#sending.changed())
    await waitFor(clock, waitMs, signal)
    if (!isLimited(cause)) metrics.throttled(waitMs)
  }

  /** A server that cannot process a batch may be able to process half of it. */
  #divideIfStalled(cause: RetryCause, { alone, slow }: Attempt): void {
    const [group = []] = this.#groups
    const bytes = bytesOf(group)
    const tooSlow = cause === 'outage' && slow && bytes > LEAST_SLOW_BYTES
    if (!alone || !(cause === 'overload' || tooSlow) || ++this.#stalls < STALLS_TO_SPLIT) return
    this.#stalls = 0
    if (group.length === 1) return
    this.#sending.size.tooMuch(bytes)
    this.#split(group)
  }

  async #tooLarge(group: Entry[]): Promise<void> {
    const [entry] = group as [Entry]
    const bytes = bytesOf(group)
    if (group.length === 1) return this.#refuse(entry, refusal(413, tooLargeError(bytes)))
    this.#sending.size.tooLarge(bytes)
    this.#split(group)
  }

  /** Finds the operation because of which the server does not accept the request. */
  async #invalid(group: Entry[], { status, error }: Invalid): Promise<void> {
    const [entry] = group as [Entry]
    if (group.length > 1) return this.#split(group)
    if (!isRefusal(error.types)) throw operationFailed(entry.operation, status, error)
    return this.#refuse(entry, refusal(status, error))
  }

  async #refuse(entry: Entry, outcome: Outcome): Promise<void> {
    this.#groups[0] = []
    this.#progress()
    await this.#sending.settle([{ entry, outcome }])
  }

  #split(group: Entry[]): void {
    const middle = Math.ceil(group.length / 2)
    this.#groups.splice(0, 1, group.slice(0, middle), group.slice(middle))
  }

  #progress(): void {
    this.#attempts = this.#errors = this.#stalls = 0
    this.#sending.reports.ended(this)
  }
}

const isDropped = ({ dropped }: Entry): boolean => dropped
const bytesOf = (group: readonly Entry[]): number =>
  group.reduce((sum, { operation }) => sum + operation.bytes, 0)
