import { rotationSchedule } from '../partitioner/index.ts'
import type { Partitioner, Rotation } from '../ports.ts'
import type { S3SinkConfig } from './definition.ts'

/**
 * When objects are completed. `rotate.interval.ms` is effective only with a partitioner by time.
 *
 * Source: the constructor of TopicPartitionWriter.
 */
export function rotationOf(config: S3SinkConfig, partitioner: Partitioner): Rotation {
  const interval = config['rotate.interval.ms']
  const schedule = config['rotate.schedule.interval.ms']
  const maxOpen = config['partitioner.max.open.files']
  return {
    flushSize: config['flush.size'],
    intervalMs: interval > 0 && partitioner.timeOf !== undefined ? interval : null,
    onDirectoryChange: config['rotate.file.on.partition.change'],
    nextScheduled: schedule > 0 ? rotationSchedule(schedule, config['timezone']) : null,
    atCommit: false,
    maxOpenDirectories: maxOpen > 0 ? maxOpen : null,
  }
}

/** A warning for the log about an interval without effect; undefined if there is none. */
export function intervalWarning(config: S3SinkConfig, rotation: Rotation): string | undefined {
  const interval = config['rotate.interval.ms']
  return interval > 0 && rotation.intervalMs === null
    ? `rotate.interval.ms=${interval} has no effect: partitioner.class is ${config['partitioner.class']}, and only partitioners by time rotate by time. Use rotate.schedule.interval.ms, or a TimeBasedPartitioner.`
    : undefined
}
