import type { Partitioner } from '../ports.ts'

/** `s3.schema.partition.affix.type`, without NONE. */
export type SchemaAffix = 'PREFIX' | 'SUFFIX'

/**
 * Adds a directory with the name of the value's schema before or behind that of a partitioner: `schema_name=Order`. It is
 * `schema_name=null` without a name. Source: SchemaPartitioner.
 */
export function withSchemaName(partitioner: Partitioner, affix: SchemaAffix, delim: string): Partitioner {
  return {
    ...timeOf(partitioner),
    directoryOf(record, now) {
      const directory = partitioner.directoryOf(record, now)
      const name = `schema_name=${record.valueSchema?.name ?? null}`
      return affix === 'PREFIX' ? name + delim + directory : directory + delim + name
    },
  }
}

/**
 * Puts tombstones into a directory of their own. Their time is the timestamp of the record, because they have no field.
 *
 * Source: TombstoneSupportedPartitioner, TombstoneTimestampExtractor. Differs: the time of the batch is that of all its
 * records; Java reads the clock for each record.
 */
export function withTombstones(partitioner: Partitioner, directory: string): Partitioner {
  const { timeOf: time } = timeOf(partitioner)
  return {
    ...(time === undefined
      ? {}
      : { timeOf: (record, now) => (record.value === null ? record.timestamp : time(record, now)) }),
    directoryOf: (record, now) => (record.value === null ? directory : partitioner.directoryOf(record, now)),
  }
}

function timeOf(partitioner: Partitioner): Pick<Partitioner, 'timeOf'> {
  return partitioner.timeOf === undefined
    ? {}
    : { timeOf: (record, now) => partitioner.timeOf?.(record, now) ?? null }
}
