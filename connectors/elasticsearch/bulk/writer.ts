import type { TaskContext } from '../../../api/index.ts'
import type { BulkWriter, Operation, SearchServer, Settled } from '../ports.ts'
import { Batch, type Sending } from './batch.ts'
import type { Entry, Settlement } from './entry.ts'
import { bulkMetrics } from './metrics.ts'
import { systemClock, type Clock } from './pace/clock.ts'
import { RequestLimiter } from './pace/limiter.ts'
import { RetryReports } from './pace/reports.ts'
import { RequestSize } from './pace/request-size.ts'
import { Generations } from './queue/generations.ts'
import { slotOf } from './queue/slots.ts'
import { WaitingQueue } from './queue/waiting-queue.ts'
import { Waits } from './queue/waits.ts'
import { bufferedBytes, requestBytes, type BulkSettings } from './settings.ts'

/** What a bulk writer works with. */
export interface BulkWriterParts {
  readonly server: SearchServer
  readonly settings: BulkSettings
  readonly settled: Settled
  /** Called once, with the error after which nothing more is written. */
  readonly failed: (error: unknown) => void
  readonly context: Pick<TaskContext, 'log' | 'metrics' | 'retrying'>
  readonly clock?: Clock
  readonly random?: () => number
}

/**
 * Opens a bulk writer. Batches are formed as soon as `batch.size`, `bulk.size.bytes` or `linger.ms` is reached and a lane is
 * free: there are `max.in.flight.requests` of them.
 *
 * Source: BulkProcessor. Differs: the operations on one document are written in order, errors of operations are retried
 * if they may pass, and the number of requests in flight follows what the server can take. An outage of the server or a
 * blocked index is waited for without limit; `max.retries` limits the attempts after other errors.
 */
export function openBulkWriter(parts: BulkWriterParts): BulkWriter {
  return new LanedWriter(parts)
}

class LanedWriter implements BulkWriter {
  readonly #parts: BulkWriterParts
  readonly #sending: Sending
  readonly #queue = new WaitingQueue()
  readonly #generations = new Generations()
  readonly #waits: Waits
  readonly #maxBytes: number
  readonly #ended = new AbortController()
  /** The batch of each lane; the index is the number of the lane, from 1. */
  readonly #batches: (Batch | undefined)[] = []
  readonly #idleLanes: number[] = []
  /** What is added before the end of this generation is due. */
  #flushed = -1
  #pending = 0
  #bytes = 0
  #cancelTimer: (() => void) | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(parts: BulkWriterParts) {
    const { server, settings, context, clock = systemClock, random = Math.random } = parts
    this.#parts = parts
    this.#waits = new Waits(clock)
    this.#maxBytes = bufferedBytes(settings)
    for (let lane = settings.maxInFlightRequests; lane >= 1; lane--) this.#idleLanes.push(lane)
    this.#sending = {
      server,
      settings,
      clock,
      random,
      limiter: new RequestLimiter(settings.maxInFlightRequests, clock),
      size: new RequestSize(requestBytes(settings)),
      reports: new RetryReports(context, clock),
      metrics: bulkMetrics(context.metrics),
      signal: this.#ended.signal,
      settle: (settled) => this.#settle(settled),
      changed: () => this.#changed(),
    }
  }

  get pending(): number {
    return this.#pending
  }

  get hasRoom(): boolean {
    return this.#pending < this.#parts.settings.maxBufferedRecords && this.#bytes < this.#maxBytes
  }

  add(operations: readonly Operation[]): void {
    if (this.#ended.signal.aborted) return
    const addedAt = this.#sending.clock.now()
    const generation = this.#generations.current
    for (const operation of operations) {
      const { target, id, bytes } = operation
      const slot = id === null ? -1 : slotOf(target, id)
      this.#queue.push({ operation, slot, addedAt, generation, failures: 0, dropped: false })
      this.#generations.add()
      this.#pending++
      this.#bytes += bytes
    }
    this.#dispatch()
  }

  async room(waitMs: number, signal: AbortSignal): Promise<boolean> {
    this.#throwFailure()
    return this.#waits.until(() => this.hasRoom, waitMs, signal)
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.#throwFailure()
    const generation = this.#generations.end()
    this.#flushed = generation
    this.#dispatch()
    await this.#waits.until(() => this.#generations.isSettled(generation), Infinity, signal)
  }

  async drop(
    isGone: (operation: Operation) => boolean,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const gone = this.#queue.drop(isGone)
    await this.#settle(gone.map((entry) => ({ entry, outcome: undefined })))
    for (const batch of this.#batches) {
      for (const entry of batch?.left() ?? []) if (isGone(entry.operation)) entry.dropped = true
      await batch?.settleDropped()
    }
    if (this.#ended.signal.aborted) return true
    const areSent = () => this.#batches.some((batch) => batch?.requesting === true && hasDropped(batch))
    return this.#waits.until(() => !areSent(), waitMs, signal)
  }

  async close(): Promise<void> {
    this.#end(new Error('the writer is closed'))
  }

  /** Gives what is due to idle lanes. */
  #dispatch(): void {
    const { limiter, settings, size } = this.#sending
    while (!this.#ended.signal.aborted && limiter.isFree && this.#isDue()) {
      const lane = this.#idleLanes.pop()
      if (lane === undefined) break
      const entries = this.#queue.take(lane, { count: settings.batchSize, bytes: size.bytes })
      if (entries.length === 0) this.#idleLanes.push(lane)
      else void this.#write(lane, entries)
    }
    this.#setTimer()
  }

  #isDue(): boolean {
    const { settings, size } = this.#sending
    const oldest = this.#queue.next
    if (oldest === undefined) return false
    if (this.#queue.length >= settings.batchSize || this.#queue.bytes >= size.bytes) return true
    return oldest.generation <= this.#flushed || this.#lingersMs(oldest) <= 0
  }

  #lingersMs({ addedAt }: Entry): number {
    return addedAt + this.#parts.settings.lingerMs - this.#sending.clock.now()
  }

  #setTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const oldest = this.#queue.next
    // A batch that is due waits for a lane, not for the time
    if (oldest === undefined || this.#ended.signal.aborted || this.#isDue()) return
    this.#cancelTimer = this.#sending.clock.after(this.#lingersMs(oldest), () => this.#dispatch())
  }

  async #write(lane: number, entries: Entry[]): Promise<void> {
    const batch = new Batch(entries, this.#sending)
    this.#batches[lane] = batch
    try {
      await batch.write()
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#batches[lane] = undefined
      this.#queue.release(lane, entries)
      this.#idleLanes.push(lane)
      this.#changed()
    }
  }

  async #settle(settled: readonly Settlement[]): Promise<void> {
    if (settled.length === 0) return
    const reports: Promise<unknown>[] = []
    let written = 0
    for (const { entry, outcome } of settled) {
      if (outcome === undefined || entry.dropped) continue
      if (outcome.kind === 'written') written++
      const report = this.#settleOne(entry.operation, outcome)
      if (report !== undefined) reports.push(report)
    }
    this.#sending.metrics.written(written)
    if (reports.length > 0) await Promise.all(reports)
    for (const { entry } of settled) {
      this.#pending--
      this.#bytes -= entry.operation.bytes
      this.#generations.settle(entry.generation)
    }
    this.#changed()
  }

  #settleOne(operation: Operation, outcome: Settlement['outcome'] & {}): Promise<unknown> | undefined {
    if (this.#ended.signal.aborted) return undefined
    try {
      return this.#parts.settled(operation, outcome)?.catch((error: unknown) => this.#fail(error))
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #changed(): void {
    const { limiter, metrics } = this.#sending
    const { inFlight, limit } = limiter
    metrics.show({ inFlight, limit, pending: this.#pending, pendingBytes: this.#bytes })
    this.#waits.check()
    this.#dispatch()
  }

  #fail(error: unknown): void {
    if (this.#ended.signal.aborted) return
    this.#failure = { error }
    this.#end(error)
    this.#parts.failed(error)
  }

  #end(reason: unknown): void {
    if (this.#ended.signal.aborted) return
    this.#ended.abort(reason)
    this.#cancelTimer?.()
    this.#sending.reports.close()
    this.#waits.fail(reason)
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

function hasDropped(batch: Batch): boolean {
  for (const { dropped } of batch.left()) if (dropped) return true
  return false
}
