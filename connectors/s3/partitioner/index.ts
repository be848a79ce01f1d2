export {
  extractorKind,
  partitionerClassFault,
  partitionerKind,
  partitionFieldFault,
  timestampExtractorFault,
} from './classes.ts'
export { defaultPartitioner } from './default-partitioner.ts'
export { fieldPartitioner } from './field-partitioner.ts'
export { rotationSchedule } from './rotation-schedule.ts'
export { dailyPartitioner, hourlyPartitioner, timeBasedPartitioner } from './time-based-partitioner.ts'
export type { TimeBasedPartitionerOptions } from './time-based-partitioner.ts'
export { recordExtractor, recordFieldExtractor, wallclockExtractor } from './timestamp-extractor.ts'
export type { TimestampExtractor } from './timestamp-extractor.ts'
export { withSchemaName, withTombstones } from './wrappers.ts'
