import {
  dailyPartitioner,
  defaultPartitioner,
  extractorKind,
  fieldPartitioner,
  hourlyPartitioner,
  partitionerKind,
  recordExtractor,
  recordFieldExtractor,
  timeBasedPartitioner,
  wallclockExtractor,
  withSchemaName,
  withTombstones,
  type TimestampExtractor,
} from '../partitioner/index.ts'
import type { Partitioner } from '../ports.ts'
import type { S3SinkConfig } from './definition.ts'
import { writesTombstones } from './null-values.ts'

/**
 * Creates the partitioner of the settings.
 *
 * Throws `HR_CONFIG_INVALID` with the key of a setting that it cannot work with. Source: S3SinkTask.newPartitioner.
 */
export function partitionerOf(config: S3SinkConfig): Partitioner {
  const affix = config['s3.schema.partition.affix.type']
  const plain = plainPartitioner(config)
  const named =
    affix === 'PREFIX' || affix === 'SUFFIX' ? withSchemaName(plain, affix, config['directory.delim']) : plain
  return writesTombstones(config) ? withTombstones(named, config['tombstone.encoded.partition']) : named
}

function plainPartitioner(config: S3SinkConfig): Partitioner {
  const delim = config['directory.delim']
  const { locale, timezone } = config
  const time = { locale, timezone, delim }
  switch (partitionerKind(config['partitioner.class'])) {
    case 'field':
      return fieldPartitioner({ fields: config['partition.field.name'], delim })
    case 'daily':
      return dailyPartitioner({ ...time, extractor: extractorOf(config) })
    case 'hourly':
      return hourlyPartitioner({ ...time, extractor: extractorOf(config) })
    case 'time':
      return timeBasedPartitioner({
        ...time,
        extractor: extractorOf(config),
        durationMs: config['partition.duration.ms'],
        pathFormat: config['path.format'],
      })
    default:
      return defaultPartitioner()
  }
}

function extractorOf(config: S3SinkConfig): TimestampExtractor {
  switch (extractorKind(config['timestamp.extractor'])) {
    case 'record':
      return recordExtractor
    case 'field':
      return recordFieldExtractor({ field: config['timestamp.field'] })
    default:
      return wallclockExtractor
  }
}
