import { batchEnd, batchLayout, BatchRecords, readBatch } from '../record-batch/index.ts'
import { CommittedBatches } from './committed-batches.ts'
import type { PartitionAnswer } from './fetch-request.ts'

/** Fetched records of a partition. The reader takes `count` records from `records`. */
export interface Segment {
  readonly topic: string
  readonly partition: number
  readonly records: BatchRecords
  readonly count: number
  /** The reader skips records of the batch before this offset. */
  readonly fromOffset: number
}

/** A fetch response, decoded batch by batch as records are taken. */
interface PendingAnswer {
  readonly answer: PartitionAnswer
  readonly committed: CommittedBatches
  at: number
}

/** One assigned partition: its position, the fetched records not yet read, and whether it is paused. */
export class PartitionState {
  readonly topic: string
  readonly partition: number
  paused = false
  highWatermark = -1
  /** Offset of the next record to read; undefined until known. */
  position: number | undefined
  /** Offset of the next fetch. Ahead of the position by the buffered records. */
  fetchOffset: number | undefined
  #pending: PendingAnswer[] = []
  #cursor: BatchRecords | undefined
  #cursorEnd = 0
  /** Incremented on each seek, so that responses to earlier fetches are dropped. */
  #epoch = 0

  constructor(topic: string, partition: number, position: number | undefined) {
    this.topic = topic
    this.partition = partition
    this.seek(position)
  }

  get epoch(): number {
    return this.#epoch
  }

  get bufferedBytes(): number {
    return this.#pending.reduce((sum, { answer, at }) => sum + answer.batches.length - at, 0)
  }

  get hasData(): boolean {
    return this.#cursor !== undefined || this.#pending.length > 0
  }

  seek(position: number | undefined): void {
    this.position = position
    this.fetchOffset = position
    this.#pending = []
    this.#cursor = undefined
    this.#epoch++
  }

  /** Buffers a fetch response. Returns false if it has no complete batch. */
  accept(answer: PartitionAnswer): boolean {
    this.highWatermark = answer.highWatermark
    const next = nextFetchOffset(answer.batches)
    if (next === undefined) return false
    this.fetchOffset = Math.max(next, this.fetchOffset ?? 0)
    this.#pending.push({ answer, committed: new CommittedBatches(answer.aborted), at: 0 })
    return true
  }

  /**
   * Returns up to `max` records of one batch and advances the position; undefined when no record is buffered.
   */
  async take(max: number, checkSums: boolean): Promise<Segment | undefined> {
    const cursor = this.#cursor ?? (await this.#nextCursor(checkSums))
    if (cursor === undefined) return undefined
    const count = Math.min(max, cursor.left)
    const fromOffset = this.position ?? 0
    if (count === cursor.left) {
      this.#cursor = undefined
      this.position = this.#cursorEnd
    } else {
      this.#cursor = cursor
    }
    return { topic: this.topic, partition: this.partition, records: cursor, count, fromOffset }
  }

  /** Sets the position after a segment that did not exhaust its batch. */
  readUpTo(offset: number): void {
    if (this.#cursor !== undefined) this.position = offset
  }

  async #nextCursor(checkSums: boolean): Promise<BatchRecords | undefined> {
    for (let pending = this.#pending[0]; pending !== undefined; pending = this.#pending[0]) {
      const { batches } = pending.answer
      const end = batchEnd(batches, pending.at)
      if (end === undefined) {
        this.#pending.shift()
        continue
      }
      const start = pending.at
      pending.at = end
      const epoch = this.#epoch
      const head = await readBatch(batches, start, end, checkSums)
      if (epoch !== this.#epoch) return undefined // the position has changed in the meantime
      if (!pending.committed.visible(head) || head.lastOffset < (this.position ?? 0)) {
        this.position = Math.max(this.position ?? 0, head.lastOffset + 1)
        continue
      }
      this.#cursorEnd = head.lastOffset + 1
      return new BatchRecords(head)
    }
    return undefined
  }
}

/** Returns the offset after the last complete batch; undefined when there is none. */
function nextFetchOffset(batches: Buffer): number | undefined {
  let next: number | undefined
  let at = 0
  for (let end = batchEnd(batches, at); end !== undefined; end = batchEnd(batches, at)) {
    next = Number(batches.readBigInt64BE(at)) + batches.readInt32BE(at + batchLayout.lastOffsetDelta) + 1
    at = end
  }
  return next
}
