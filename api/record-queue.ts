import { ConnectError } from './errors.ts'
import type { SourceRecord } from './record.ts'

/** How much a {@link RecordQueue} holds. Both limits apply. */
export interface RecordQueueOptions {
  readonly maxRecords: number
  /** In the measure of what `push` is given. */
  readonly maxBytes: number
}

/** Records that wait to be taken into the queue. */
interface Waiting {
  readonly records: readonly SourceRecord[]
  readonly bytes: number
  resolve(): void
  reject(error: unknown): void
}

/**
 * Hands records from a client that pushes them (a replication stream, a subscription, a socket) to `SourceTask.poll`.
 *
 * The client pushes and waits while the queue is full, so that memory is bounded and the source system is slowed down.
 * `poll` takes everything that is queued. When the client breaks, `fail` makes `poll` throw once the records before
 * the failure are taken.
 */
export class RecordQueue {
  readonly #maxRecords: number
  readonly #maxBytes: number
  #records: SourceRecord[] = []
  #bytes = 0
  /** Pushes that wait for room, in order. */
  readonly #waiting: Waiting[] = []
  /** Wakes the calls of `poll` that wait. */
  readonly #polls = new Set<() => void>()
  #failure: { readonly reason: unknown } | undefined
  #closed = false

  /** Throws `HR_ILLEGAL_ARGUMENT` for a limit below 1. */
  constructor({ maxRecords, maxBytes }: RecordQueueOptions) {
    for (const [name, limit] of Object.entries({ maxRecords, maxBytes })) {
      if (!(limit >= 1)) throw illegal(`${name} is ${limit}, expected a number from 1`)
    }
    this.#maxRecords = maxRecords
    this.#maxBytes = maxBytes
  }

  /** Number of records in the queue, without those whose `push` still waits. */
  get size(): number {
    return this.#records.length
  }

  /** Bytes of the records in the queue. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Adds records that take up `bytes` in memory. Resolves once they are in the queue: at once while there is room for
   * all of them, otherwise after `poll` has made room. A batch that alone exceeds a limit is added once the queue is
   * empty. Await the promise before you read on from the source system; batches stay in the order of the calls.
   *
   * Rejects with the error that `fail` was given, with `HR_ILLEGAL_STATE` after `close`, and with
   * `HR_ILLEGAL_ARGUMENT` if `bytes` is not a number from 0.
   */
  push(records: readonly SourceRecord[], bytes: number): Promise<void> {
    if (!(bytes >= 0)) return Promise.reject(illegal(`bytes is ${bytes}, expected a number from 0`))
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason)
    if (this.#closed) return Promise.reject(closedError())
    if (this.#waiting.length === 0 && this.#fits(records, bytes)) {
      this.#add(records, bytes)
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => this.#waiting.push({ records, bytes, resolve, reject }))
  }

  /**
   * For `SourceTask.poll`: resolves to all records in the queue, and waits while it is empty. Resolves to `[]` when the
   * signal is aborted, which leaves the records in the queue, and after `close`. Once the queue is empty after `fail`,
   * rejects with its error.
   */
  async poll(signal: AbortSignal): Promise<readonly SourceRecord[]> {
    while (!signal.aborted && !this.#closed) {
      if (this.#records.length > 0) return this.#take()
      if (this.#failure !== undefined) throw this.#failure.reason
      await this.#changed(signal)
    }
    return []
  }

  /**
   * Ends the queue with an error: `push` rejects with it at once, also if it waits; `poll` once the queue is empty. Only
   * the first call counts; none does after `close`.
   */
  fail(error: unknown): void {
    if (this.#failure !== undefined || this.#closed) return
    this.#failure = { reason: error }
    this.#end(error)
  }

  /** Drops all records. `push` rejects, and `poll` resolves to `[]`, also if they wait. For `SourceTask.close`. */
  close(): void {
    this.#closed = true
    this.#records = []
    this.#bytes = 0
    this.#end(closedError())
  }

  #fits(records: readonly SourceRecord[], bytes: number): boolean {
    if (this.#records.length === 0) return true
    return this.#records.length + records.length <= this.#maxRecords && this.#bytes + bytes <= this.#maxBytes
  }

  #add(records: readonly SourceRecord[], bytes: number): void {
    for (const record of records) this.#records.push(record)
    this.#bytes += bytes
    this.#wakePolls()
  }

  #take(): readonly SourceRecord[] {
    const taken = this.#records
    this.#records = []
    this.#bytes = 0
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#fits(next.records, next.bytes)) break
      this.#waiting.shift()
      this.#add(next.records, next.bytes)
      next.resolve()
    }
    return taken
  }

  #end(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
    this.#wakePolls()
  }

  #wakePolls(): void {
    for (const wake of this.#polls) wake()
  }

  /** Resolves at the next change, or when the signal is aborted. */
  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#polls.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#polls.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}

const illegal = (message: string): ConnectError => new ConnectError('HR_ILLEGAL_ARGUMENT', message)
const closedError = (): ConnectError => new ConnectError('HR_ILLEGAL_STATE', 'The record queue is closed.')
