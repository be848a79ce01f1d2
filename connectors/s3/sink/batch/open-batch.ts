import type { SinkRecord } from '../../../../api/index.ts'
import type { ObjectWriter, SchemaAndValue, SinkPlan } from '../../ports.ts'
import type { Destination } from './destinations.ts'
import { DirectoryObjects } from './directory-objects.ts'

/** Why the objects of a partition are closed. */
export type RotationReason =
  'size' | 'interval' | 'directory' | 'schedule' | 'schema' | 'open_directories' | 'commit'

/** With the latest record of each directory only, the number of directories if there is no limit of the plan. */
const MAX_LATEST = 1000

/**
 * The open objects of a partition, of all its directories, and what decides when they are closed. Not used any more after
 * that.
 *
 * Source: the fields of TopicPartitionWriter that commitFiles resets. Differs: a record that could not be written leaves
 * no traces; in Java its schema stays the current one of its directory, and its time can be the base of the interval.
 */
export class OpenBatch {
  readonly #plan: SinkPlan
  readonly #writer: ObjectWriter
  readonly #directories = new Map<string, DirectoryObjects>()
  /** Instead of objects, if only the latest record of each directory is written. */
  readonly #latest = new Map<string, { readonly record: SinkRecord; readonly to: Destination }>()
  readonly #maxDirectories: number
  /** What the views have read of the current record. */
  readonly #values: SchemaAndValue[] = []
  /** Number of records, of all directories. */
  count = 0
  /** Offset of the first record. */
  start: number | undefined
  /** Whether the last record is in some of the objects of its directory only, so that none of them may be stored. */
  uneven = false
  /** Time of the first record. */
  #baseTime: number | null = null
  /** Directory of the last record. */
  #directory: string | undefined

  constructor(plan: SinkPlan, writer: ObjectWriter) {
    this.#plan = plan
    this.#writer = writer
    this.#maxDirectories = plan.rotation.maxOpenDirectories ?? (plan.latestOnly ? MAX_LATEST : Infinity)
  }

  get directories(): Iterable<DirectoryObjects> {
    return this.#directories.values()
  }

  /**
   * Returns why the objects must be closed before a record with this value; null if they need not. Throws
   * `HR_PROJECTION_FAILED`.
   *
   * Source: TopicPartitionWriter.checkRotationOrAppend.
   */
  reasonToClose(to: Destination, value: SchemaAndValue, scheduled: boolean): RotationReason | null {
    if (this.count === 0) return null
    const { place, tombstone } = to
    const open = this.#directories.get(place)
    const schema = tombstone ? null : value.schema
    if (open !== undefined && (open.schema === null) !== (schema === null)) return 'schema'
    const byTime = this.#reasonOfTime(to, scheduled)
    if (byTime !== null) return byTime
    if (open !== undefined) {
      const same = open.schema === schema
      return !same && this.#plan.compatibility.mustRotate(value, open.schema) ? 'schema' : null
    }
    const directories = this.#plan.latestOnly ? this.#latest : this.#directories
    return directories.size >= this.#maxDirectories && !directories.has(place) ? 'open_directories' : null
  }

  /**
   * Adds a record, whose main view has read `value`. Throws what the views and the formats do; the batch is then as
   * before, unless it is {@link uneven}.
   */
  write(record: SinkRecord, to: Destination, value: SchemaAndValue): void {
    if (this.#plan.latestOnly) {
      this.#latest.delete(to.place) // so that the order is that of the offsets
      this.#latest.set(to.place, { record, to })
    } else {
      this.#encode(record, to, value)
    }
    this.count++
    this.start ??= record.originalOffset
    this.#baseTime ??= to.time
    this.#directory = to.directory
  }

  /**
   * Returns the objects, to be stored. With the latest record of each directory only, these are encoded now; `failed` is
   * called for those that cannot be.
   */
  take(failed: (record: SinkRecord, error: unknown) => void): DirectoryObjects[] {
    for (const { record, to } of this.#latest.values()) {
      try {
        this.#encode(record, to, (to.views[0] as (typeof to.views)[0]).read(record))
      } catch (error) {
        failed(record, error)
      }
    }
    return [...this.#directories.values()]
  }

  /** Drops all objects. Never rejects. */
  async discard(): Promise<void> {
    await Promise.all(Array.from(this.#directories.values(), (objects) => objects.discard()))
  }

  #encode(record: SinkRecord, to: Destination, value: SchemaAndValue): void {
    const { place, views, tombstone } = to
    const values = this.#values
    let open = this.#directories.get(place)
    if (values.length !== views.length) values.length = views.length
    values[0] =
      open === undefined || tombstone || open.schema === value.schema
        ? value
        : this.#plan.compatibility.project(value, open.schema)
    for (let index = 1; index < views.length; index++) {
      values[index] = (views[index] as (typeof views)[0]).read(record)
    }
    if (open === undefined) {
      open = new DirectoryObjects(record, to, values, { plan: this.#plan, writer: this.#writer })
      this.#directories.set(place, open)
    }
    try {
      open.add(record, values)
    } catch (error) {
      if (open.count > 0) this.uneven = open.uneven
      else {
        this.#directories.delete(place)
        void open.discard()
      }
      throw error
    }
  }

  #reasonOfTime({ directory, time }: Destination, scheduled: boolean): RotationReason | null {
    const { intervalMs, onDirectoryChange } = this.#plan.rotation
    if (intervalMs !== null) {
      const base = this.#baseTime
      if (base !== null && time !== null && time - base >= intervalMs) return 'interval'
      if (onDirectoryChange && directory !== this.#directory && !this.#toOrFromTombstones(directory)) {
        return 'directory'
      }
    }
    return scheduled ? 'schedule' : null
  }

  /** Tombstones among other records would otherwise close the objects each time. */
  #toOrFromTombstones(directory: string): boolean {
    const { nullValues, tombstoneDirectory } = this.#plan
    if (nullValues !== 'write') return false
    return directory.includes(tombstoneDirectory) || this.#directory?.includes(tombstoneDirectory) === true
  }
}
