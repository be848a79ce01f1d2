import { isRetriable, type SourceRecord, type SourceTask } from '../../../api/index.ts'
import { Changes, startTimer, type Timer } from '../../timing/index.ts'
import type { Retries } from '../context/retries.ts'
import { noteBatch, type TaskMetrics } from '../metrics.ts'
import type { PluginCalls } from '../ports.ts'
import { noBatch } from './polled-records.ts'

/** The parts of a source task that a poller needs. */
export interface PollerParts {
  readonly calls: PluginCalls
  readonly metrics: TaskMetrics
  readonly retries: Retries
}

/** Minimum time from the start of an empty poll to the next one. */
const EMPTY_POLL_MS = 100

type Polled = { readonly records: readonly SourceRecord[] } | { readonly error: unknown }

/**
 * Polls a task, one call at a time.
 *
 * {@link interrupt} ends a wait at once, whether or not the task honors its signal: the poll continues, and a
 * later {@link next} resolves to its records.
 *
 * Source: AbstractWorkerSourceTask.execute. Differs: in Kafka Connect, neither a pause nor a rejected record
 * interrupts a waiting poll.
 */
export class Poller {
  readonly #task: Pick<SourceTask, 'poll'>
  readonly #parts: PollerParts
  #polling: Promise<Polled> | undefined
  #startedAt = 0
  /** When the next poll may start after an empty one, in milliseconds since the epoch. */
  #restUntil = 0
  #unsent = false
  /** For the poll in progress. */
  #abort: AbortController | undefined
  #wake: () => void = () => {}

  constructor(task: Pick<SourceTask, 'poll'>, parts: PollerParts) {
    this.#task = task
    this.#parts = parts
  }

  /** Whether a poll has returned records that were not {@link sent}. */
  get unsent(): boolean {
    return this.#unsent
  }

  /** Whether a poll is in progress, or its records were given back. */
  get polling(): boolean {
    return this.#polling !== undefined
  }

  /** Call this once the ledger has the records of the last poll. */
  sent(): void {
    this.#unsent = false
  }

  /**
   * Resolves to the next records; to undefined when there are none yet, after an {@link interrupt}, and after
   * `maxWaitMs`. The poll in progress continues.
   *
   * Throws the error that ends the task. A poll that fails with a retriable error counts as an empty one.
   */
  async next(maxWaitMs = Infinity): Promise<readonly SourceRecord[] | undefined> {
    const restMs = this.#polling === undefined ? this.#restUntil - Date.now() : 0
    if (restMs > 0) {
      await this.#rest(Math.min(restMs, maxWaitMs))
      return undefined
    }
    this.#polling ??= this.#poll()
    const polled = await this.#unlessInterrupted(this.#polling, maxWaitMs)
    if (polled === undefined) return undefined
    this.#polling = undefined
    if ('error' in polled) this.#check(polled.error)
    else if (polled.records.length > 0) return polled.records
    this.#restUntil = this.#startedAt + EMPTY_POLL_MS
    return undefined
  }

  /** Takes back records that may not be sent yet; {@link next} resolves to them again. */
  giveBack(records: readonly SourceRecord[]): void {
    this.#polling = Promise.resolve({ records })
  }

  /** Aborts the signal of the poll in progress, and ends any wait. */
  interrupt(reason: Error): void {
    this.#abort?.abort(reason)
    this.#wake()
  }

  /** Waits for another condition; an {@link interrupt} aborts its signal and ends the wait. */
  async wait(until: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController()
    this.#wake = () => abort.abort()
    try {
      await until(abort.signal)
    } catch (error) {
      if (!abort.signal.aborted) throw error
    }
  }

  /**
   * Resolves to the records of the poll in progress; to undefined when there is none, when it fails, on a
   * timeout, or when the signal is aborted.
   */
  async last(signal: AbortSignal, timeoutMs = Infinity): Promise<readonly SourceRecord[] | undefined> {
    let polled: Polled | undefined
    const changes = new Changes()
    void this.#polling?.then((result) => {
      polled = result
      changes.notify()
    })
    if (this.#polling !== undefined) await changes.waitFor(() => polled !== undefined, timeoutMs, signal)
    this.#polling = undefined
    return polled !== undefined && 'records' in polled ? polled.records : undefined
  }

  async #poll(): Promise<Polled> {
    const { calls, metrics, retries } = this.#parts
    const { signal } = (this.#abort = new AbortController())
    const startedAt = (this.#startedAt = Date.now())
    try {
      const records = await calls.run(() => this.#task.poll(signal))
      const fault = noBatch(records)
      if (fault !== undefined || records.length > 0) this.#unsent = true
      if (fault !== undefined) return { error: fault }
      if (!signal.aborted || records.length > 0) retries.callSucceeded('poll')
      metrics.recordsIn += records.length
      if (records.length > 0) noteBatch(metrics, records.length, Date.now() - startedAt)
      return { records }
    } catch (error) {
      return isAbort(error, signal) ? { records: [] } : { error }
    }
  }

  #check(error: unknown): void {
    if (!isRetriable(error)) throw error
    const nextAttemptAt = Math.max(Date.now(), this.#startedAt + EMPTY_POLL_MS)
    this.#parts.retries.callFailed('poll failed with a retriable error; retrying', error, nextAttemptAt)
  }

  /**
   * Resolves to undefined after an interrupt. The promise that an interrupt can end resolves to nothing: if it resolved
   * to the records, they would outlive every minor garbage collection and only a full one would free them.
   */
  async #unlessInterrupted(polling: Promise<Polled>, maxWaitMs: number): Promise<Polled | undefined> {
    let polled: Polled | undefined
    let timer: Timer | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      if (maxWaitMs < Infinity) timer = startTimer(maxWaitMs, resolve)
      void polling.then((result) => {
        polled = result
        resolve()
      })
    })
    timer?.cancel()
    return polled
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/**
 * Whether its own signal cut the poll short: it threw the signal's reason, an AbortError or a retriable
 * error.
 */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false
  return (
    error === signal.reason || (error instanceof Error && error.name === 'AbortError') || isRetriable(error)
  )
}
