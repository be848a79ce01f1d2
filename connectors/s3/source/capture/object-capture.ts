import {
  ConnectError,
  isConnectError,
  messageOf,
  sourceRecord,
  type Logger,
  type SourceRecord,
} from '../../../../api/index.ts'
import { lastModifiedOf, mainObject, type Candidate } from '../listing/candidate.ts'
import type { SourcePlan } from '../plan.ts'
import type { SeriesPositions } from '../positions/series-positions.ts'
import type { RowBatch } from '../reading/rows.ts'
import { sizeOfRows } from '../reading/size.ts'
import type { SourceMetrics } from './metrics.ts'
import type { PositionsWithoutRecords } from './positions-without-records.ts'
import type { Reading } from './reading.ts'

/** Takes the records of objects; see `RecordQueue.push`. */
export interface CapturedQueue {
  push(records: readonly SourceRecord[], bytes: number): Promise<void>
}

export interface ObjectCaptureParts {
  readonly plan: SourcePlan
  readonly series: SeriesPositions
  readonly queue: CapturedQueue
  readonly silent: PositionsWithoutRecords
  readonly metrics: SourceMetrics
  readonly log: Logger
  readonly now: () => number
}

/** Passes on the records of objects, with their positions. */
export class ObjectCapture {
  readonly #parts: ObjectCaptureParts

  constructor(parts: ObjectCaptureParts) {
    this.#parts = parts
  }

  /** Returns for how long an object of a series must wait for others, in milliseconds. */
  waitFor({ objects, place }: Candidate): number {
    const { series, plan, now } = this.#parts
    if (place === null) return 0
    const modified = lastModifiedOf(objects)
    if (this.#missing(objects) !== undefined) return modified + plan.lateWaitMs - now()
    return series.waitFor(place, modified, plan.lateWaitMs, now())
  }

  /**
   * Passes on all records of an object. An object that does not have its format is left out, or rejects with
   * `HR_DATA_INVALID`, as configured.
   */
  async capture(reading: Reading, succeeded: () => void): Promise<void> {
    const { candidate } = reading
    const { progress } = candidate
    let count = progress.skip
    try {
      const missing = this.#missing(candidate.objects)
      if (missing !== undefined) throw new ConnectError('HR_DATA_INVALID', missing)
      for await (const batch of reading.batches()) {
        await this.#pass(candidate, count, batch)
        count += batch.rows.length
        succeeded()
      }
      this.#parts.metrics.read.add()
    } catch (error) {
      this.#leaveOut(candidate, count, error)
    }
  }

  /** Says which object with keys or headers is required and does not exist. */
  #missing({ value, keys, headers }: Candidate['objects']): string | undefined {
    const { requiredKeys, requiredHeaders } = this.#parts.plan
    if (value === null) return undefined
    if (requiredKeys && keys === null)
      return 'there is no object with its keys, which store.kafka.keys requires'
    if (!requiredHeaders || headers !== null) return undefined
    return 'there is no object with its headers, which store.kafka.headers requires'
  }

  async #pass(
    { name, objects, progress }: Candidate,
    before: number,
    { rows, last }: RowBatch,
  ): Promise<void> {
    const { plan, queue, silent } = this.#parts
    const { topic, partition } = plan.destinationOf(name)
    const end = rows.length - 1
    if (rows.length === 0) {
      if (last) this.#moveWithoutRecord(progress, before)
      return
    }
    const fixedKey = plan.keyOf?.(mainObject(objects).key)
    const records = rows.map(({ key: ownKey, value, headers }, index) => {
      const key = fixedKey ?? ownKey
      return sourceRecord({
        topic,
        partition,
        keySchema: key.schema,
        key: key.value,
        valueSchema: value.schema,
        value: value.value,
        headers,
        sourcePartition: progress.partition,
        sourceOffset: progress.offsetAfter(before + index + 1, last && index === end),
      })
    })
    silent.superseded(progress.partition)
    await queue.push(records, sizeOfRows(rows))
    progress.moved(before + rows.length, last)
  }

  /** Marks the object as read after its first `count` records. */
  #moveWithoutRecord(progress: Candidate['progress'], count: number): void {
    this.#parts.silent.add(progress.partition, progress.offsetAfter(count, true))
    progress.moved(count, true)
  }

  #leaveOut({ objects, progress }: Candidate, count: number, error: unknown): void {
    const { plan, metrics, log } = this.#parts
    const { key } = mainObject(objects)
    const object = `s3://${plan.bucket}/${key}`
    if (!isConnectError(error) || error.code !== 'HR_DATA_INVALID') throw error
    if (plan.onError === 'fail') {
      const message = `The object ${object} cannot be read: ${messageOf(error)}. Correct or delete it, or set ${plan.onErrorSetting} to leave out such objects`
      throw new ConnectError('HR_DATA_INVALID', message, { cause: error })
    }
    log.warn('an object cannot be read and is left out', {
      object,
      recordsRead: count,
      reason: messageOf(error),
    })
    metrics.failed.add()
    this.#moveWithoutRecord(progress, count)
  }
}
