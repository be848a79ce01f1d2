import { setImmediate as turn } from 'node:timers/promises'
import { isRetriable, type SinkRecord, type SinkTaskContext } from '../../../api/index.ts'
import type { OffsetTracker } from '../offsets/index.ts'
import type { BulkWriter, Operation, OperationBuilder, Target, TargetOf, Targets } from '../ports.ts'
import { Backlog } from './backlog.ts'
import type { SinkMetrics } from './metrics.ts'
import type { RecordErrors } from './record-errors.ts'
import type { SinkTaskSettings } from './settings.ts'

/** Records that are converted at a time; then responses are processed. */
const CHUNK = 500
/** Size of their operations in bytes. */
const CHUNK_BYTES = 1024 * 1024
/** Records that are tracked for each one that may be buffered. Source: ElasticsearchSinkTask.start. */
const TRACKED_PER_BUFFERED = 10

/** What records pass through. */
export interface PuttingParts {
  readonly context: Pick<SinkTaskContext, 'retryAfter'>
  readonly settings: SinkTaskSettings
  readonly targetOf: TargetOf
  readonly targets: Targets
  readonly operations: OperationBuilder
  readonly writer: BulkWriter
  readonly tracker: OffsetTracker
  readonly errors: RecordErrors
  readonly metrics: SinkMetrics
}

/** A target that has to be prepared before a record can be converted. */
interface Unprepared {
  readonly kind: 'unprepared'
  readonly record: SinkRecord
  readonly target: Target
}

/** Converts records and passes them to the bulk writer, as far as there is room. */
export class Putting {
  readonly #parts: PuttingParts
  readonly #maxTracked: number
  readonly backlog = new Backlog()

  constructor(parts: PuttingParts) {
    this.#parts = parts
    this.#maxTracked = TRACKED_PER_BUFFERED * parts.settings.bulk.maxBufferedRecords
  }

  /**
   * Passes on the backlog. Resolves when it is empty, after `waitMs` milliseconds without room, or when it is blocked by
   * something else; call it again then. Rejects with `HR_RETRIABLE` if a target cannot be prepared at present.
   */
  async pass(waitMs: number, signal: AbortSignal): Promise<void> {
    const { writer } = this.#parts
    const until = performance.now() + waitMs
    while (!this.backlog.isEmpty && !signal.aborted) {
      const leftMs = Math.max(0, until - performance.now())
      if (!writer.hasRoom && !(await writer.room(leftMs, signal))) return
      if (this.#isBlocked()) return
      const unprepared = this.#passChunk()
      if (unprepared !== undefined) await this.#prepare(unprepared, signal)
      else if (!this.backlog.isEmpty) await turn()
    }
  }

  /** Whether offsets have to be settled before the next record can be tracked. */
  #isBlocked(): boolean {
    const { tracker, writer } = this.#parts
    const { first } = this.backlog
    if (first !== undefined && tracker.isRewound(first)) {
      // Only sends: this is called again and again, and nothing waits for the result
      writer.flush(AbortSignal.abort()).catch(() => {})
      return true
    }
    return tracker.length >= this.#maxTracked
  }

  /** Stops at a record whose target is not prepared. Throws if a record fails the task. */
  #passChunk(): Unprepared | undefined {
    const { writer, tracker, settings } = this.#parts
    const count = Math.min(CHUNK, Math.max(1, settings.bulk.maxBufferedRecords - writer.pending))
    const operations: Operation[] = []
    let bytes = 0
    try {
      for (let left = count; left > 0 && bytes < CHUNK_BYTES; left--) {
        const record = this.backlog.first
        if (record === undefined || tracker.isRewound(record)) return undefined
        const result = this.#convert(record)
        if (result?.kind === 'unprepared') return result
        tracker.add(record)
        this.backlog.shift()
        if (result === null) {
          tracker.settle(record)
          continue
        }
        operations.push(result)
        bytes += result.bytes
      }
      return undefined
    } finally {
      if (operations.length > 0) writer.add(operations)
    }
  }

  #convert(record: SinkRecord): Operation | Unprepared | null {
    const { targetOf, targets, operations, errors, metrics, settings } = this.#parts
    if ((record.value ?? null) === null && settings.ignoreNullValues) {
      errors.nullValue(record)
      return null
    }
    try {
      const target = targetOf(record)
      if (!targets.isReady(target, record)) return { kind: 'unprepared', record, target }
      const operation = operations.build(record, target)
      if (operation === null) metrics.skipped.add()
      return operation
    } catch (error) {
      errors.invalid(record, error)
      return null
    }
  }

  async #prepare({ record, target }: Unprepared, signal: AbortSignal): Promise<void> {
    const { targets, tracker, errors } = this.#parts
    try {
      await targets.prepare(target, record, signal)
    } catch (error) {
      if (signal.aborted || isRetriable(error)) throw error
      errors.invalid(record, error)
      tracker.add(record)
      tracker.settle(record)
      this.backlog.shift()
    }
  }
}
