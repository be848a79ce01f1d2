import { ConnectError } from './errors.ts'
import type { SourceRecord } from './record.ts'

/** The capacity of a {@link RecordQueue}. Both limits apply. */
export interface RecordQueueOptions {
  readonly maxRecords: number
  /** Limit of the sum of the `bytes` passed to `push`. */
  readonly maxBytes: number
  /**
   * The most records that one `poll` resolves to; the others stay in the queue. By default, all. Records that share one
   * offset object stay together; only if there are more of them, `poll` resolves to more.
   */
  readonly maxPolled?: number
}

/** A batch of `push` in the queue, with the number of its records that are not taken yet. */
interface Batch {
  left: number
  readonly bytes: number
}

/** Records that do not fit into the queue yet. */
interface Waiting {
  readonly records: readonly SourceRecord[]
  readonly bytes: number
  resolve(): void
  reject(error: unknown): void
}

/**
 * Passes records from a client that pushes them (a replication stream, a subscription, a socket) to `SourceTask.poll`.
 *
 * `push` waits while the queue is full, which bounds memory and slows down the source system. `poll` takes all queued
 * records, or the first `maxPolled`. If the client fails, call `fail`: `poll` then throws after the records before the failure have been taken.
 */
export class RecordQueue {
  readonly #maxRecords: number
  readonly #maxBytes: number
  readonly #maxPolled: number
  #records: SourceRecord[] = []
  #bytes = 0
  /** The batches that the records came in. */
  readonly #batches: Batch[] = []
  /** Calls of `push` that wait for room, in order. */
  readonly #waiting: Waiting[] = []
  /** Wake pending calls of `poll`. */
  readonly #polls = new Set<() => void>()
  #failure: { readonly reason: unknown } | undefined
  #closed = false

  /** Throws `HR_ILLEGAL_ARGUMENT` for a limit below 1. */
  constructor({ maxRecords, maxBytes, maxPolled = Infinity }: RecordQueueOptions) {
    for (const [name, limit] of Object.entries({ maxRecords, maxBytes, maxPolled })) {
      if (!(limit >= 1)) throw illegal(`${name} is ${limit}, expected a number of at least 1`)
    }
    this.#maxRecords = maxRecords
    this.#maxBytes = maxBytes
    this.#maxPolled = maxPolled
  }

  /** Number of records in the queue, without those of pending calls of `push`. */
  get size(): number {
    return this.#records.length
  }

  /** Sum of the `bytes` of the batches in the queue; one counts until its last record is taken. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Adds records that take up `bytes` in memory. Resolves once they are in the queue: immediately if there is room for
   * all of them, otherwise after `poll` has made room. A batch that exceeds a limit by itself is added once the queue
   * is empty. Await the promise before you read more from the source system. Batches are queued in the order of the
   * calls.
   *
   * Rejects with the error passed to `fail`, with `HR_ILLEGAL_STATE` after `close`, and with `HR_ILLEGAL_ARGUMENT`
   * unless `bytes` is at least 0.
   */
  push(records: readonly SourceRecord[], bytes: number): Promise<void> {
    if (!(bytes >= 0)) return Promise.reject(illegal(`bytes is ${bytes}, expected a number of at least 0`))
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason)
    if (this.#closed) return Promise.reject(closedError())
    if (this.#waiting.length === 0 && this.#fits(records, bytes)) {
      this.#add(records, bytes)
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => this.#waiting.push({ records, bytes, resolve, reject }))
  }

  /**
   * For `SourceTask.poll`: resolves to the records in the queue, at most `maxPolled`, and waits while it is empty. Resolves to `[]` after
   * `close`, and when the signal is aborted; the records then stay in the queue. After `fail`, rejects with its error
   * once the queue is empty.
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
   * Makes `push` reject with an error immediately, including pending calls, and `poll` once the queue is empty. Later
   * calls and calls after `close` have no effect.
   */
  fail(error: unknown): void {
    if (this.#failure !== undefined || this.#closed) return
    this.#failure = { reason: error }
    this.#end(error)
  }

  /** For `SourceTask.close`: drops all records. `push` rejects and `poll` resolves to `[]`, including pending calls. */
  close(): void {
    this.#closed = true
    this.#clear()
    this.#end(closedError())
  }

  #fits(records: readonly SourceRecord[], bytes: number): boolean {
    if (this.#records.length === 0) return true
    return this.#records.length + records.length <= this.#maxRecords && this.#bytes + bytes <= this.#maxBytes
  }

  #add(records: readonly SourceRecord[], bytes: number): void {
    for (const record of records) this.#records.push(record)
    this.#batches.push({ left: records.length, bytes })
    this.#bytes += bytes
    this.#wakePolls()
  }

  #take(): readonly SourceRecord[] {
    const taken = this.#takeRecords()
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#fits(next.records, next.bytes)) break
      this.#waiting.shift()
      this.#add(next.records, next.bytes)
      next.resolve()
    }
    return taken
  }

  #takeRecords(): SourceRecord[] {
    if (this.#records.length <= this.#maxPolled) {
      const all = this.#records
      this.#clear()
      return all
    }
    const taken = this.#records.splice(0, this.#pollSize())
    let count = taken.length
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      if (batch.left > count) {
        batch.left -= count
        break
      }
      count -= batch.left
      this.#bytes -= batch.bytes
      this.#batches.shift()
    }
    return taken
  }

  /** The number of records to take if not all are: no records that share an offset are divided. */
  #pollSize(): number {
    const most = Math.trunc(this.#maxPolled)
    for (let size = most; size > 0; size--) if (!this.#dividesOffset(size)) return size
    let size = most
    while (this.#dividesOffset(size)) size++
    return size
  }

  #dividesOffset(at: number): boolean {
    const offset = this.#records[at]?.sourceOffset ?? null
    return offset !== null && offset === this.#records[at - 1]?.sourceOffset
  }

  #clear(): void {
    this.#records = []
    this.#batches.length = 0
    this.#bytes = 0
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
