import { ConnectError, isRetriable } from '../../api/index.ts'
import { sleep } from '../timing/index.ts'
import type { ErrorCounters } from './counters.ts'
import { failureNote } from './failure-note.ts'
import { ConversionFailure, type FailureReporter, type RecordFailure } from './failure.ts'

/** How failed records are dealt with: the `errors.*` settings of a connector. */
export interface ErrorSettings {
  /** 0: no retries; -1: for ever. */
  readonly retryTimeoutMs: number
  readonly retryDelayMaxMs: number
  readonly tolerance: 'none' | 'all'
}

/**
 * A record that goes no further. Its offset may count once `safe` resolves; undefined: right away, or where reports are
 * held, once {@link ErrorHandler.settled} says so.
 */
export interface Skipped {
  readonly safe: Promise<void> | undefined
}

/** What became of a step that failed: it succeeded when tried again, or its record is skipped. */
export type Resolution<T> = { readonly value: T } | Skipped

/** Which of two failures comes first; as of `sort`. */
export type FailureOrder = (a: RecordFailure, b: RecordFailure) => number

const FIRST_RETRY_MS = 300
const LONGEST_WAIT_MS = 2 ** 31 - 1

/**
 * Decides what a failed record does: it is tried again, skipped and reported, or ends the task.
 *
 * Source: RetryWithToleranceOperator. Differs: reports are under way while the next
 * records are processed, but no offset counts before they are safe, and a report that is lost ends the task
 * (invariant 3); a record whose retries are cut short by a stop is left for the next start, not skipped.
 */
export class ErrorHandler {
  readonly #settings: ErrorSettings
  readonly #reporters: readonly FailureReporter[]
  readonly #counters: ErrorCounters
  readonly #stop: AbortSignal
  readonly #underWay = new Set<Promise<void>>()
  #held: RecordFailure[] | undefined
  /** The first report that was lost, or record that was reported and is not tolerated. */
  #fatal: { readonly reason: unknown } | undefined

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
   * Deals with a step that failed. Throws `HR_CONNECT` ("Tolerance exceeded…") when its record may not be skipped,
   * and the reason of the stop when that comes between two tries.
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
        last = failedAgain(failure, error)
      }
    }
    return this.#skip(last)
  }

  /**
   * Reports a record that failed outside of the stages that are tried again: a sink's put, or the producer.
   *
   * Resolves once the report is safe. Rejects with `HR_CONNECT` when the record is not tolerated, or its report is
   * lost. Source: RetryWithToleranceOperator.executeFailed.
   */
  report(failure: RecordFailure): Promise<void> {
    this.#counters.totalRecordFailures++
    this.#note(failure)
    const safe = this.#tell(failure)
    if (this.tolerates) return safe ?? Promise.resolve()
    this.#counters.totalRecordErrors++
    const reason = toleranceExceeded(failure)
    this.#fatal ??= { reason }
    return Promise.reject(reason)
  }

  /** Resolves when all reports so far are safe: no offset may be stored before. Throws as {@link check}. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
    this.check()
  }

  /** Throws what lost a report, or a record that was given to {@link report} and is not tolerated. */
  check(): void {
    if (this.#fatal !== undefined) throw this.#fatal.reason
  }

  /**
   * Keeps reports back until {@link release}: stages run over whole batches, while reports are to come in the order of
   * the records.
   */
  hold(): void {
    this.#held ??= []
  }

  /** Reports what was kept back, in order. What comes behind `last` is forgotten: its record is read again. */
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
    return this.#tell(failure)
  }

  #note(failure: RecordFailure): void {
    this.#counters.lastErrorAt = Date.now()
    this.#counters.lastError = failureNote(failure)
  }

  async #room(): Promise<void> {
    for (const reporter of this.#reporters) await reporter.room?.(this.#stop)
  }

  /** Gives a failure to all reporters; undefined when none has to be waited for. */
  #tell(failure: RecordFailure): Promise<void> | undefined {
    const reports = this.#reporters.map((reporter) => reporter.report(failure))
    const open = reports.filter((report) => report !== undefined)
    if (open.length === 0) return undefined
    const safe = Promise.all(open).then(() => {})
    this.#underWay.add(safe)
    safe.then(
      () => this.#underWay.delete(safe),
      (reason: unknown) => {
        this.#fatal ??= { reason }
        this.#underWay.delete(safe)
      },
    )
    return safe
  }

  #retryDeadline(): number {
    const { retryTimeoutMs } = this.#settings
    return retryTimeoutMs < 0 ? Infinity : Date.now() + retryTimeoutMs
  }

  /** Doubles from 300 ms; beyond the limit, some time below it. */
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
