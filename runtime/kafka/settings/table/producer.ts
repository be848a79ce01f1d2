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
    doc: 'How many replicas must have a record before it counts as written: 0, 1 or all.',
  },
  'enable.idempotence': {
    type: 'boolean',
    default: null,
    javaDefault: true,
    importance: 'low',
    doc: 'Whether retries may not write a record twice.',
    note: 'By default true if `acks` is all.',
  },
  'max.in.flight.requests.per.connection': {
    type: 'int',
    default: null,
    javaDefault: 5,
    importance: 'low',
    doc: 'Requests that may be under way to a broker.',
    note: 'By default 5 for an idempotent producer, else 1, so that order is preserved.',
  },
  'batch.size': {
    type: 'int',
    default: MEBIBYTE / 2,
    javaDefault: 16_384,
    validate: between(0),
    importance: 'medium',
    doc: 'Most bytes that are sent to a partition together.',
  },
  'linger.ms': {
    type: 'long',
    default: 0,
    javaDefault: 5,
    validate: between(0),
    importance: 'medium',
    doc: 'How long a batch waits for more records, in milliseconds.',
    note: 'Under load, batches fill without a wait.',
  },
  'buffer.memory': {
    type: 'long',
    default: 8 * MEBIBYTE,
    javaDefault: 32 * MEBIBYTE,
    validate: between(0),
    importance: 'high',
    doc: 'Bytes of records that may wait to be sent.',
    note: 'A record counts until it is acknowledged. A full buffer blocks the source.',
  },
  'max.request.size': {
    type: 'int',
    default: MEBIBYTE,
    validate: between(0),
    importance: 'medium',
    doc: 'Most bytes of one request, and so of one record.',
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
    doc: 'Longest time from taking a record to its acknowledgement, in milliseconds.',
  },
  'retries': {
    type: 'int',
    default: MAX_INT,
    validate: between(0, MAX_INT),
    importance: 'high',
    doc: 'How often a failed request is tried again.',
  },
  'max.block.ms': {
    type: 'long',
    default: Number.MAX_SAFE_INTEGER,
    javaDefault: 60_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Longest wait for room in the buffer or for metadata, in milliseconds.',
  },
  'partitioner.ignore.keys': {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether the partition is chosen without regard to the key.',
  },
  'transactional.id': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'Name of the producer of transactions; who uses it again fences off who had it.',
    note: 'No effect in the settings of workers and connectors.',
  },
  'transaction.timeout.ms': {
    type: 'int',
    default: 60_000,
    importance: 'low',
    doc: 'Longest time that a transaction may stay open, in milliseconds.',
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
    'Whether records without a key go rather to brokers that are fast.',
  ),
  'partitioner.availability.timeout.ms': unsupported(
    'long',
    0,
    'low',
    'Time after which a partition that takes nothing is avoided, in milliseconds; 0 never.',
  ),
  'metadata.max.idle.ms': unsupported(
    'long',
    300_000,
    'low',
    'Time after which a topic that is not written to is forgotten, in milliseconds.',
  ),
  'partitioner.class': unsupported('class', null, 'medium', 'Class that chooses the partition of a record.'),
  'transaction.two.phase.commit.enable': unsupported(
    'boolean',
    false,
    'low',
    'Whether transactions take part in a two-phase commit.',
  ),
  'key.serializer': inapplicable('class', undefined, 'high', 'Class that writes keys; a task writes bytes.'),
  'value.serializer': inapplicable(
    'class',
    undefined,
    'high',
    'Class that writes values; a task writes bytes.',
  ),
})
