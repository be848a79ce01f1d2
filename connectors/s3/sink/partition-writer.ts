import {
  ConnectError,
  type SinkRecord,
  type SinkTaskContext,
  type TopicPartition,
} from '../../../api/index.ts'
import type { ObjectWriter, SinkPlan } from '../ports.ts'
import type { Destination } from './batch/destinations.ts'
import type { DirectoryObject } from './batch/directory-objects.ts'
import type { SinkMetrics } from './metrics.ts'
import { OpenBatch, type RotationReason } from './batch/open-batch.ts'
import { RecordErrors } from './record-errors.ts'
import { Schedule } from './batch/schedule.ts'
import { SkipMarks } from './skip-marks.ts'
import type { Conflict } from './storing/rotation.ts'
import { RotationQueue } from './storing/rotation-queue.ts'
import type { Storing } from './storing/storing.ts'

/** Records that one call of `write` handles at most. */
const SLICE = 1000

/** What the writers of a task share. */
export interface WriterParts {
  readonly plan: SinkPlan
  readonly objects: ObjectWriter
  readonly context: SinkTaskContext
  readonly storing: Storing
  readonly metrics: SinkMetrics
  readonly destinationOf: (record: SinkRecord, now: number) => Destination
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * How far a writer got: it has no more records, it has more to do, or it must wait because too many closed objects are
 * not stored yet.
 */
export type Progress = 'idle' | 'more' | 'blocked'

/**
 * Writes the records of one partition to objects, and closes these. README.md lists what it does with
 * a record, and in which order.
 *
 * Source: TopicPartitionWriter. Differs: closed objects are stored in the background; see also {@link OpenBatch},
 * {@link RecordErrors} and {@link SkipMarks}.
 */
export class PartitionWriter {
  readonly id: TopicPartition
  readonly #parts: WriterParts
  readonly #errors: RecordErrors
  readonly #rotations: RotationQueue
  readonly #schedule: Schedule
  readonly #marks = new SkipMarks()
  /** Offsets of records that have been reported and whose objects had to be dropped: they are passed over. */
  readonly #excluded = new Set<number>()
  /** Records that have been put and not been handled, from the index `#at`. */
  #records: SinkRecord[] = []
  #at = 0
  #batch: OpenBatch
  /** Why the open objects have to be closed before the next record. */
  #due: RotationReason | null = null
  #written = 0
  /** Whether it has been logged that objects existed. */
  #warned = false
  /** Where to read from again; undefined if the consumer is where it should be. */
  #seekTo: number | undefined
  /** Where the consumer has been sent back to, until the first record from there. */
  #sentTo: number | undefined

  constructor(id: TopicPartition, parts: WriterParts) {
    this.id = id
    this.#parts = parts
    this.#errors = new RecordErrors(parts.context)
    this.#schedule = new Schedule(parts.plan.rotation.nextScheduled, parts.now())
    this.#batch = new OpenBatch(parts.plan, parts.objects)
    this.#rotations = new RotationQueue(parts.storing, {
      stored: () => this.#stored(),
      conflict: (conflict) => this.#keepOthers(conflict),
    })
  }

  /** Whether it has records to write, or objects to close. */
  get unfinished(): boolean {
    return this.#at < this.#records.length || this.#due !== null
  }

  /** Whether the consumer has to be sent back. */
  get mustSeek(): boolean {
    return this.#seekTo !== undefined
  }

  /** When open objects are to be closed, in milliseconds since the epoch; infinite if there is no such time. */
  get closesAt(): number {
    return this.#batch.count === 0 ? Infinity : this.#schedule.at
  }

  /** Number of open objects. */
  get openCount(): number {
    let count = 0
    for (const { objects } of this.#batch.directories) count += objects.length
    return count
  }

  /** The open objects. */
  *openObjects(): Iterable<DirectoryObject> {
    for (const { objects } of this.#batch.directories) yield* objects
  }

  add(record: SinkRecord): void {
    if (this.#seekTo !== undefined) return // it will be read again
    this.#sentTo = undefined
    this.#records.push(record)
  }

  /**
   * Writes records until there are no more of them, for a number of them at most. `now` is the time of the batch;
   * `deadline` the time at which to stop, if any.
   *
   * Throws what fails the task.
   */
  write(now: number, deadline: number | null): Progress {
    try {
      return this.#write(now, deadline)
    } finally {
      this.#parts.metrics.wrote(this.#written)
      this.#written = 0
    }
  }

  #write(now: number, deadline: number | null): Progress {
    if (this.#due !== null && !this.#rotate(this.#due)) return 'blocked'
    if (this.#batch.count === 0 && this.#schedule.due(now)) this.#schedule.set(this.#parts.now())
    for (let left = SLICE; this.#at < this.#records.length; left--) {
      if (left === 0 || (deadline !== null && this.#parts.now() > deadline)) return 'more'
      if (!this.#step(this.#records[this.#at] as SinkRecord, now)) return 'blocked'
      if (this.#due !== null && !this.#rotate(this.#due)) return 'blocked'
    }
    if (this.#at > 0) {
      this.#records = []
      this.#at = 0
    }
    const scheduled = this.#batch.count > 0 && this.#schedule.due(now)
    return scheduled && !this.#rotate('schedule') ? 'blocked' : 'idle'
  }

  /** Closes the open objects before a commit, unless too many closed ones are waiting. */
  closeObjects(): void {
    this.#rotate('commit')
  }

  /** Resolves when no closed objects are left to be stored. Never rejects. */
  whenStored(): Promise<void> {
    return this.#rotations.whenEmpty()
  }

  /**
   * Returns the offset that is safe to commit: everything before it is stored, or was passed over. `delivered` is the
   * position behind all records that have been put.
   *
   * Source: TopicPartitionWriter.getOffsetToCommitAndReset. Differs: Java returns an offset only after a rotation, so
   * that records that are not written to objects are read again.
   */
  safeOffset(delivered: number): number {
    const handled = this.#records[this.#at]?.originalOffset ?? this.#sentTo ?? delivered
    return this.#marks.safe(this.#rotations.start ?? this.#batch.start ?? handled)
  }

  /** Returns the offset to read from again, once; undefined if there is none. */
  takeSeek(): number | undefined {
    const offset = this.#seekTo
    this.#seekTo = undefined
    return offset
  }

  /** Drops everything that is not stored. Never rejects. */
  async close(): Promise<void> {
    this.#records = []
    this.#at = 0
    await Promise.all([this.#batch.discard(), this.#rotations.abort()])
  }

  /** Handles the next record. Returns false, without having done so, if it must wait. */
  #step(record: SinkRecord, now: number): boolean {
    const offset = record.originalOffset
    if (this.#passesOver(record) || this.#excluded.has(offset)) return this.#handled()
    const batch = this.#batch
    try {
      const to = this.#parts.destinationOf(record, now)
      if (this.#marks.any && this.#marks.skips(to.place, offset)) return this.#handled()
      const value = (to.views[0] as (typeof to.views)[0]).read(record)
      const reason = batch.reasonToClose(to, value, this.#schedule.due(now))
      if (reason !== null && !this.#rotate(reason)) return false
      this.#batch.write(record, to, value)
    } catch (error) {
      this.#errors.report(record, error)
      if (this.#batch.uneven) return this.#exclude(offset)
      return this.#handled()
    }
    this.#written++
    const { flushSize } = this.#parts.plan.rotation
    if (flushSize !== null && this.#batch.count >= flushSize) this.#due = 'size'
    return this.#handled()
  }

  #handled(): true {
    this.#at++
    return true
  }

  /** Whether a record is left out because its value is null. Source: S3SinkTask.maybeSkipOnNullValue. */
  #passesOver(record: SinkRecord): boolean {
    if (record.value !== null) return false
    switch (this.#parts.plan.nullValues) {
      case 'fail':
        throw nullValue(record)
      case 'ignore':
        return true
      case 'report':
        this.#errors.reportNull(record)
        return true
      default:
        return false
    }
  }

  /** Closes the open objects. Returns false if this has to wait. */
  #rotate(reason: RotationReason): boolean {
    const batch = this.#batch
    if (batch.start !== undefined) {
      if (this.#rotations.full) return false
      const directories = batch.take((record, error) => this.#errors.report(record, error))
      const bytes = directories.reduce((sum, directory) => sum + directory.bytes, 0)
      this.#batch = new OpenBatch(this.#parts.plan, this.#parts.objects)
      this.#rotations.add({ start: batch.start, directories, bytes })
      this.#parts.metrics.rotated(reason)
    }
    this.#due = null
    const byTime = reason === 'interval' || reason === 'directory' || reason === 'schedule'
    if (byTime) this.#schedule.set(this.#parts.now())
    return true
  }

  #stored(): void {
    const from = this.#rotations.start ?? this.#batch.start ?? Infinity
    for (const offset of this.#excluded) if (offset < from) this.#excluded.delete(offset)
    const { plan, storing, context } = this.#parts
    if (!plan.rotation.atCommit && !storing.closed) context.requestCommit()
  }

  /** Goes on behind the objects of an earlier task that have been kept. */
  #keepOthers({ rotation, ends, kept }: Conflict): void {
    const { log } = this.#parts.context
    const message = 'objects with other records existed; they are kept, and their records are left out'
    const fields = { ...this.id, objects: kept.length, ...kept[0] }
    // With another flush.size, all objects from the committed offset on are found in this way
    if (this.#warned) log.debug(message, fields)
    else log.warn(message, fields)
    this.#warned = true
    this.#parts.metrics.kept(kept.length)
    this.#marks.add(rotation.start, ends)
    this.#sendBack(rotation.start)
  }

  /** Drops the open objects, which are uneven, and leaves out the record when the others are read again. */
  #exclude(offset: number): true {
    this.#excluded.add(offset)
    this.#sendBack(this.#batch.start ?? offset)
    return true
  }

  /** Drops what is open, and reads again. */
  #sendBack(offset: number): void {
    void this.#batch.discard()
    this.#batch = new OpenBatch(this.#parts.plan, this.#parts.objects)
    this.#due = null
    this.#records = []
    this.#at = 0
    this.#seekTo = this.#sentTo = Math.min(offset, this.#seekTo ?? Infinity)
    this.#parts.storing.changed()
  }
}

function nullValue({ originalTopic, originalPartition, originalOffset }: SinkRecord): ConnectError {
  const where = `the record at offset ${originalOffset} of ${originalTopic}-${originalPartition}`
  return new ConnectError(
    'HR_CONNECT',
    `${where} has a null value, which behavior.on.null.values does not allow`,
  )
}
