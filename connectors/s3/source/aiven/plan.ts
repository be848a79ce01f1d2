import type { ObjectReader } from '../../ports.ts'
import type { CompressionName } from '../config/formats.ts'
import type { CreateReader } from '../config/plan.ts'
import type { SourcePlan } from '../plan.ts'
import type { AivenSourceConfig } from './definition.ts'
import { aivenNaming } from './naming.ts'

/** The bucket of valid settings. */
export const bucketOf = (config: AivenSourceConfig): string =>
  config['aws.s3.bucket.name'] ?? config['aws_s3_bucket'] ?? ''

const prefixOf = (config: AivenSourceConfig): string =>
  config['aws.s3.prefix'] ?? config['aws_s3_prefix'] ?? ''

/**
 * Returns what the settings of Aiven's source say. The settings are valid.
 *
 * `createChunkReader` returns the reader of `input.format=bytes`. Source: S3SourceTask, S3SourceRecordIterator. Differs:
 * positions are those of single objects, not the ones of Aiven's connector, which have an entry for each object.
 */
export function aivenSourcePlan(
  config: AivenSourceConfig,
  createReader: CreateReader,
  createChunkReader: (size: number, compression: CompressionName) => ObjectReader,
): SourcePlan {
  const compression = config['file.compression.type'].toLowerCase() as CompressionName
  const format = config['input.format'].toLowerCase()
  const reader =
    format === 'bytes'
      ? createChunkReader(config['transformer.max.buffer.size'], compression)
      : createReader(format === 'jsonl' ? 'json' : (format as 'avro' | 'parquet'), compression, 'value')
  return {
    bucket: bucketOf(config),
    roots: [prefixOf(config)],
    startAfter: config['native.start.key'],
    modifiedSince: 0,
    naming: aivenNaming({
      template: config['file.name.template'] ?? '',
      topic: config['topic'],
      byPartition: config['distribution.type'].toLowerCase() === 'partition',
    }),
    readerOf: () => reader,
    destinationOf: ({ topic, partition }) => ({ topic, partition }),
    keyOf: (key) => ({ schema: null, value: Buffer.from(key) }),
    requiredKeys: false,
    requiredHeaders: false,
    onError: config['errors.tolerance'].toLowerCase() === 'all' ? 'ignore' : 'fail',
    onErrorSetting: 'errors.tolerance=all',
    pollIntervalMs: config['headrace.s3.poll.interval.ms'],
    lateWaitMs: 0,
    lateWindowMs: config['headrace.s3.late.window.ms'],
    batchSize: config['max.poll.records'],
    bufferBytes: config['headrace.s3.buffer.max.bytes'],
  }
}
