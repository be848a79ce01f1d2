import { ConnectError, isRetriable } from '../../api/index.ts'
import { sleep } from '../timing/index.ts'
import type { ErrorCounters } from './counters.ts'
import { failureNote } from './failure-note.ts'
import {
  ConversionFailure,
  ConversionInterrupted,
  type FailureReporter,
  type RecordFailure,
} from './failure.ts'

/** The `errors.*` settings of a connector. */
export interface ErrorSettings {
  /** 0: no retries; -1: retry indefinitely. */
  readonly retryTimeoutMs: number
  readonly retryDelayMaxMs: number
  readonly tolerance: 'none' | 'all'
}

/**
 * A skipped record. Its offset may be committed once `safe` resolves. If undefined, the offset may be committed
 * immediately or, while reports are held, after {@link ErrorHandler.settled} resolves.
 */
export interface Skipped {
  readonly safe: Promise<void> | undefined
}

/** The outcome of a failed step: the value of a successful retry, or a skipped record. */
export type Resolution<T> = { readonly value: T } | Skipped

/** Compares two failures, as a comparator for `sort`. */
export type FailureOrder = (a: RecordFailure, b: RecordFailure) => number

const FIRST_RETRY_MS = 300
const LONGEST_WAIT_MS = 2 ** 31 - 1

/**
 * Decides whether to retry a failed record, to skip and report it, or to fail the task.
 *
 * Source: RetryWithToleranceOperator. Differs: the next records are processed while reports are pending, but no offset
 * is committed before its reports are stored, and a lost report fails the task (invariant 3). A record whose retries
 * are interrupted by a stop is not skipped, but processed again after the next start.
 */
export class ErrorHandler {
  readonly #settings: ErrorSettings
  readonly #reporters: readonly FailureReporter[]
  readonly #counters: ErrorCounters
  readonly #stop: AbortSignal
  readonly #pendingReports = new Set<Promise<void>>()
  #held: RecordFailure[] | undefined
  /** The error of the first lost report, or of the first reported record that is not tolerated. */
  #fatal: { readonly reason: unknown } | undefined

  /** `stop` aborts the backoff between retries. */
  constructor(
    settings: ErrorSettings,
    reporters: readonly FailureReporter[],
    counters: ErrorCounters,
    stop: AbortSignal,
  ) {
    this.#settings = settings
    this.#reporters = reporters
    this.#counters = counters
    this.#stop = stop
  }

  get counters(): ErrorCounters {
    return this.#counters
  }

  get tolerates(): boolean {
    return this.#settings.tolerance === 'all'
  }

  /**
   * Handles a failed step. Throws `HR_CONNECT` ("Tolerance exceeded…") when its record may not be skipped,
   * the reason of the stop when the task stops between two attempts, and a {@link ConversionInterrupted} of `retry`.
   */
  async resolve<T>(failure: RecordFailure, retry: () => T | Promise<T>): Promise<Resolution<T>> {
    let last = failure
    const deadline = this.#retryDeadline()
    for (let attempt = 1; isRetriable(last.error); attempt++) {
      this.#counters.totalRecordFailures++
      const left = deadline - Date.now()
      if (left <= 0) break
      await sleep(Math.min(this.#delay(attempt), left), this.#stop)
      this.#stop.throwIfAborted()
      this.#counters.totalRetries++
      try {
        return { value: await retry() }
      } catch (error) {
        if (error instanceof ConversionInterrupted) throw error
        last = failedAgain(failure, error)
      }
    }
    return this.#skip(last)
  }

  /**
   * Reports a record that failed outside the stages that are retried: in a sink's put, or in the producer.
   *
   * Resolves once the report is safe. Rejects with `HR_CONNECT` when the failure is not tolerated, or when
   * its report is lost. Source: RetryWithToleranceOperator.executeFailed.
   */
  report(failure: RecordFailure): Promise<void> {
    this.#counters.totalRecordFailures++
    this.#note(failure)
    const safe = this.#report(failure)
    if (this.tolerates) return safe ?? Promise.resolve()
    this.#counters.totalRecordErrors++
    const reason = toleranceExceeded(failure)
    this.#fatal ??= { reason }
    return Promise.reject(reason)
  }

  /**
   * Resolves when all reports so far are stored; no offset may be committed before that. Throws the same errors as
   * {@link check}.
   */
  async settled(): Promise<void> {
    while (this.#pendingReports.size > 0) await Promise.allSettled(this.#pendingReports)
    this.check()
  }

  /** Throws the error of a lost report, or of a failure passed to {@link report} that is not tolerated. */
  check(): void {
    if (this.#fatal !== undefined) throw this.#fatal.reason
  }

  /**
   * Holds reports until {@link release}: stages process whole batches, but reports must follow the order of
   * the records.
   */
  hold(): void {
    this.#held ??= []
  }

  /** Reports the held failures in order. Discards those after `last`: their records are read again. */
  async release(inOrder: FailureOrder, last: RecordFailure | undefined): Promise<void> {
    const held = this.#held ?? []
    this.#held = undefined
    for (const failure of held.toSorted(inOrder)) {
      if (last === undefined || inOrder(failure, last) <= 0) void this.#account(failure)
    }
    await this.#room()
  }

  async close(): Promise<void> {
    await Promise.all(this.#reporters.map(async (reporter) => reporter.close?.()))
  }

  async #skip(failure: RecordFailure): Promise<Skipped> {
    const safe = this.#held === undefined ? this.#account(failure) : void this.#held.push(failure)
    if (!this.tolerates) throw toleranceExceeded(failure)
    await this.#room()
    return { safe }
  }

  #account(failure: RecordFailure): Promise<void> | undefined {
    this.#counters.totalRecordFailures++
    this.#counters.totalRecordErrors++
    if (this.tolerates) this.#counters.totalRecordsSkipped++
    this.#note(failure)
    return this.#report(failure)
  }

  #note(failure: RecordFailure): void {
    this.#counters.lastErrorAt = Date.now()
    this.#counters.lastError = failureNote(failure)
  }

  async #room(): Promise<void> {
    for (const reporter of this.#reporters) await reporter.room?.(this.#stop)
  }

  /** Passes a failure to all reporters. Returns undefined when there is nothing to wait for. */
  #report(failure: RecordFailure): Promise<void> | undefined {
    const reports = this.#reporters.map((reporter) => reporter.report(failure))
    const open = reports.filter((report) => report !== undefined)
    if (open.length === 0) return undefined
    const safe = Promise.all(open).then(() => {})
    this.#pendingReports.add(safe)
    safe.then(
      () => this.#pendingReports.delete(safe),
      (reason: unknown) => {
        this.#fatal ??= { reason }
        this.#pendingReports.delete(safe)
      },
    )
    return safe
  }

  #retryDeadline(): number {
    const { retryTimeoutMs } = this.#settings
    return retryTimeoutMs < 0 ? Infinity : Date.now() + retryTimeoutMs
  }

  /** Doubles from 300 ms; above the limit, a random time up to the limit. */
  #delay(attempt: number): number {
    const delay = FIRST_RETRY_MS * 2 ** (attempt - 1)
    const max = Math.min(this.#settings.retryDelayMaxMs, LONGEST_WAIT_MS)
    return delay > max ? Math.random() * max : delay
  }
}

function failedAgain(failure: RecordFailure, error: unknown): RecordFailure {
  if (!(error instanceof ConversionFailure)) return { ...failure, error }
  const { stage, executingClass } = error
  return { ...failure, stage, executingClass, error: error.error }
}

/** Fails a task because of a record that may not be skipped; contains the failure for the trace. */
export class RecordError extends ConnectError {
  readonly failure: RecordFailure

  constructor(message: string, failure: RecordFailure) {
    super('HR_CONNECT', message, { cause: failure.error })
    this.failure = failure
  }
}

function toleranceExceeded(failure: RecordFailure): RecordError {
  return new RecordError('Tolerance exceeded in error handler', failure)
}
