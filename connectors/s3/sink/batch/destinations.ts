import type { SinkRecord } from '../../../../api/index.ts'
import type { SinkPlan, View } from '../../ports.ts'

/** Where a record is written to. */
export interface Destination {
  /** Identifies the directory within the partition that the record was read from. */
  readonly place: string
  readonly directory: string
  /** Time of the record for rotation by time; null if it has none. */
  readonly time: number | null
  /** The objects that it is written to, the main one first. */
  readonly views: readonly View[]
  /** Whether only the key and the headers are written. */
  readonly tombstone: boolean
}

/**
 * Returns a function that determines where a record is written to, for a time in milliseconds since the epoch. Throws
 * what the partitioner does.
 *
 * Source: TombstoneSupportedPartitioner, TombstoneTimestampExtractor, KeyValueHeaderRecordWriterProvider. Differs: a
 * transform may rename topics. Java then refuses the record, because its topic is not assigned to the task. Here it gets
 * objects of its own, in the directory of its topic; offsets and rotation follow the partition it was read from.
 */
export function destinations(plan: SinkPlan): (record: SinkRecord, now: number) => Destination {
  const { partitioner, views, tombstoneDirectory } = plan
  const timed = plan.rotation.intervalMs !== null
  const withoutValue = views.filter(({ kind }) => kind !== 'value')
  let last: Destination | undefined
  return (record, now) => {
    if (record.value === null && plan.nullValues === 'write') {
      const place = `${placeOf(record, tombstoneDirectory)}\0`
      const time = record.timestamp
      return { place, directory: tombstoneDirectory, time, views: withoutValue, tombstone: true }
    }
    const time = timed ? (partitioner.timeOf?.(record, now) ?? null) : null
    const directory = partitioner.directoryOf(record, now)
    const place = placeOf(record, directory)
    if (last?.place === place && last.time === time) return last
    last = { place, directory, time, views, tombstone: false }
    return last
  }
}

function placeOf({ topic, originalTopic }: SinkRecord, directory: string): string {
  return topic === originalTopic ? directory : `${topic}\0${directory}`
}
