import { ConnectError, isRetriable } from '../../api/index.ts'
import { sleep } from '../timing/index.ts'
import type { ErrorCounters } from './counters.ts'
import type { FailureReporter, RecordFailure } from './failure.ts'

/** How failed records are dealt with: the `errors.*` settings of a connector. */
export interface ErrorSettings {
  /** 0: no retries; -1: for ever. */
  readonly retryTimeoutMs: number
  readonly retryDelayMaxMs: number
  readonly tolerance: 'none' | 'all'
}

const FIRST_RETRY_MS = 300

/**
 * Decides what a failed record does: it is tried again, skipped and reported, or ends the task.
 *
 * Source: RetryWithToleranceOperator (spec/runtime-semantics 6.7).
 */
export class ErrorHandler {
  readonly #settings: ErrorSettings
  readonly #reporters: readonly FailureReporter[]
  readonly #counters: ErrorCounters
  readonly #stop: AbortSignal

  /** `stop` ends waits between retries. */
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
   * Deals with a step that failed. Resolves to the result of a retry that succeeded, or to undefined when the record
   * is skipped. Throws `HR_CONNECT` ("Tolerance exceeded…") when it may not be.
   */
  async resolve<T>(failure: RecordFailure, retry: () => T): Promise<{ readonly value: T } | undefined> {
    let last = failure
    this.#counters.totalRecordFailures++
    const deadline = this.#retryDeadline()
    for (
      let attempt = 1;
      isRetriable(last.error) && Date.now() < deadline && !this.#stop.aborted;
      attempt++
    ) {
      await sleep(Math.min(this.#delay(attempt), deadline - Date.now()), this.#stop)
      this.#counters.totalRetries++
      try {
        return { value: retry() }
      } catch (error) {
        this.#counters.totalRecordFailures++
        last = { ...failure, error }
      }
    }
    await this.skip(last)
    return undefined
  }

  /** Reports a record that failed for good. Throws `HR_CONNECT` when it may not be skipped. */
  async skip(failure: RecordFailure): Promise<void> {
    this.#counters.totalRecordErrors++
    this.#counters.lastErrorAt = Date.now()
    await Promise.all(this.#reporters.map(async (reporter) => reporter.report(failure)))
    if (!this.tolerates) throw toleranceExceeded(failure)
    this.#counters.totalRecordsSkipped++
  }

  async close(): Promise<void> {
    await Promise.all(this.#reporters.map(async (reporter) => reporter.close?.()))
  }

  #retryDeadline(): number {
    const { retryTimeoutMs } = this.#settings
    return retryTimeoutMs < 0 ? Infinity : Date.now() + retryTimeoutMs
  }

  /** Doubles from 300 ms; beyond the limit, some time below it. */
  #delay(attempt: number): number {
    const delay = FIRST_RETRY_MS * 2 ** (attempt - 1)
    const max = this.#settings.retryDelayMaxMs
    return delay > max ? Math.random() * max : delay
  }
}

/** What ends a task on a record that may not be skipped; carries where it happened for the trace. */
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
