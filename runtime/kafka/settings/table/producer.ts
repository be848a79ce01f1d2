import { between, invalidValue, oneOf, type Validator } from '../../../../api/index.ts'
import { compressionTypes } from '../../record-batch/index.ts'
import { defineClientTable, inapplicable, unsupported } from './client-setting.ts'
import { partlySharedTable, sharedTable } from './shared.ts'

const MAX_INT = 2_147_483_647
const MEBIBYTE = 1024 * 1024

/** Source: GzipCompression. */
const gzipLevel: Validator = {
  description: '[1,...,9] or -1',
  check: (key, value) =>
    value === -1 || between(1, 9).check(key, value) === undefined
      ? undefined
      : invalidValue(key, value, 'Value must be between 1 and 9 or equal to -1'),
}

/**
 * Settings specific to producers. The defaults are those of Connect's source producers, except for
 * throughput: batches are larger, and do not wait, because they fill by themselves under load. Source:
 * ProducerConfig.
 */
export const producerTable = defineClientTable({
  'acks': {
    type: 'string',
    default: 'all',
    validate: oneOf('all', '-1', '0', '1'),
    importance: 'low',
    doc: 'Acknowledgements required before a record counts as written: 0, 1 or all.',
  },
  'enable.idempotence': {
    type: 'boolean',
    default: null,
    javaDefault: true,
    importance: 'low',
    doc: 'Whether to prevent duplicates caused by retries.',
    note: 'True by default if `acks` is all.',
  },
  'max.in.flight.requests.per.connection': {
    type: 'int',
    default: null,
    javaDefault: 5,
    importance: 'low',
    doc: 'Maximum number of requests in flight per broker connection.',
    note: '5 by default for an idempotent producer, otherwise 1, to preserve order.',
  },
  'batch.size': {
    type: 'int',
    default: MEBIBYTE / 2,
    javaDefault: 16_384,
    validate: between(0),
    importance: 'medium',
    doc: 'Maximum bytes of a batch of records for a partition.',
  },
  'linger.ms': {
    type: 'long',
    default: 0,
    javaDefault: 5,
    validate: between(0),
    importance: 'medium',
    doc: 'Time to wait for more records before a batch is sent, in milliseconds.',
    note: 'Under load, batches fill without a delay.',
  },
  'buffer.memory': {
    type: 'long',
    default: 4 * MEBIBYTE,
    javaDefault: 32 * MEBIBYTE,
    validate: between(0),
    importance: 'high',
    doc: 'Maximum bytes of buffered records.',
    note: 'A record stays in the buffer until it is acknowledged. A full buffer blocks the source.',
  },
  'max.request.size': {
    type: 'int',
    default: MEBIBYTE,
    validate: between(0),
    importance: 'medium',
    doc: 'Maximum size of a request, and therefore of a record, in bytes.',
    note: 'Records are measured uncompressed.',
  },
  'compression.type': {
    type: 'string',
    default: 'none',
    validate: oneOf(...compressionTypes),
    importance: 'high',
    doc: 'Compression of batches: none, gzip, snappy, lz4 or zstd.',
  },
  'compression.gzip.level': {
    type: 'int',
    default: -1,
    validate: gzipLevel,
    importance: 'medium',
    doc: 'Level of gzip compression, from 1 to 9; -1 for the default.',
  },
  'compression.zstd.level': {
    type: 'int',
    default: 3,
    validate: between(-131_072, 22),
    importance: 'medium',
    doc: 'Level of zstd compression.',
  },
  'delivery.timeout.ms': {
    type: 'int',
    default: MAX_INT,
    javaDefault: 120_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Maximum time from accepting a record to its acknowledgement or failure, in milliseconds.',
  },
  'retries': {
    type: 'int',
    default: MAX_INT,
    validate: between(0, MAX_INT),
    importance: 'high',
    doc: 'Maximum number of retries of a failed request.',
  },
  'max.block.ms': {
    type: 'long',
    default: Number.MAX_SAFE_INTEGER,
    javaDefault: 60_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Maximum time to wait for buffer space or metadata, in milliseconds.',
  },
  'partitioner.ignore.keys': {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether to ignore the key when choosing the partition.',
  },
  'transactional.id': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'ID of a transactional producer. A new producer with the same ID fences off the old one.',
    note: 'No effect in the settings of workers and connectors.',
  },
  'transaction.timeout.ms': {
    type: 'int',
    default: 60_000,
    importance: 'low',
    doc: 'Maximum duration of a transaction, in milliseconds.',
  },
  'receive.buffer.bytes': { ...sharedTable['receive.buffer.bytes'], default: 32_768 },
  'interceptor.classes': partlySharedTable['interceptor.classes'],
  'compression.lz4.level': {
    ...unsupported('int', 9, 'medium', 'Level of lz4 compression, from 1 to 17.'),
    validate: between(1, 17),
  },
  'partitioner.adaptive.partitioning.enable': unsupported(
    'boolean',
    true,
    'low',
    'Whether to send more records without a key to faster brokers.',
  ),
  'partitioner.availability.timeout.ms': unsupported(
    'long',
    0,
    'low',
    'Time after which an unavailable partition is avoided, in milliseconds; 0 disables this.',
  ),
  'metadata.max.idle.ms': unsupported(
    'long',
    300_000,
    'low',
    'Time after which the metadata of an unused topic is dropped, in milliseconds.',
  ),
  'partitioner.class': unsupported('class', null, 'medium', 'Partitioner class.'),
  'transaction.two.phase.commit.enable': unsupported(
    'boolean',
    false,
    'low',
    'Whether transactions participate in a two-phase commit.',
  ),
  'key.serializer': inapplicable('class', undefined, 'high', 'Serializer class for keys; tasks write bytes.'),
  'value.serializer': inapplicable(
    'class',
    undefined,
    'high',
    'Serializer class for values; tasks write bytes.',
  ),
})
