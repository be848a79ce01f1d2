import {
  between,
  ConnectError,
  defineConfig,
  invalidValue,
  oneOf,
  type Props,
  type Validator,
} from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { compressionTypes, type CompressionType } from '../record-batch/index.ts'

const MAX_INT = 2_147_483_647
const MEBIBYTE = 1024 * 1024
/** A broker deduplicates only the last five batches of a producer, so no more may be in flight. */
const MAX_IDEMPOTENT_IN_FLIGHT = 5

const gzipLevel: Validator = {
  description: '[1,...,9] or -1',
  check: (key, value) =>
    value === -1 || between(1, 9).check(key, value) === undefined
      ? undefined
      : invalidValue(key, value, 'Value must be between 1 and 9 or equal to -1'),
}

/** Valid levels of each compression type. Source: GzipCompression, Lz4Compression, ZstdCompression. */
export const compressionLevels = {
  'compression.gzip.level': gzipLevel,
  'compression.lz4.level': between(1, 17),
  'compression.zstd.level': between(-131_072, 22),
} satisfies Readonly<Record<string, Validator>>

/**
 * Producer settings with Kafka's names and the defaults of Connect's source producers.
 *
 * Differs: by default, the producer is idempotent with 5 requests in flight; batch.size is 512 KiB, and
 * linger.ms is 0, because batches fill without a delay under load.
 */
export const producerConfig = defineConfig({
  'acks': {
    type: 'string',
    default: 'all',
    validate: oneOf('all', '-1', '0', '1'),
    importance: 'low',
    doc: 'Who has to have a batch before it counts: all in-sync replicas, the leader (1) or nobody (0).',
  },
  'enable.idempotence': {
    type: 'boolean',
    default: null,
    importance: 'low',
    doc: 'Whether repeats are told from new records by the broker. Default: true unless acks says otherwise.',
  },
  'max.in.flight.requests.per.connection': {
    type: 'int',
    default: null,
    importance: 'low',
    doc: 'Requests under way to one broker. Default: 5 when idempotent, else 1, so that order holds.',
  },
  'batch.size': {
    type: 'int',
    default: MEBIBYTE / 2,
    validate: between(0),
    importance: 'medium',
    doc: 'Bytes of records collected for a partition before a batch is closed. Kafka: 16384.',
  },
  'linger.ms': {
    type: 'long',
    default: 0,
    validate: between(0),
    importance: 'medium',
    doc: 'How long a batch waits for more records, in milliseconds. Under load batches fill by themselves.',
  },
  'buffer.memory': {
    type: 'long',
    default: 8 * MEBIBYTE,
    validate: between(0),
    importance: 'high',
    doc: 'Bytes of records that wait for an acknowledgement before the source is held up. Kafka: 33554432.',
  },
  'max.request.size': {
    type: 'int',
    default: MEBIBYTE,
    validate: between(0),
    importance: 'medium',
    doc: 'Largest record, in bytes uncompressed, and about the largest request.',
  },
  'compression.type': {
    type: 'string',
    default: 'none',
    validate: oneOf(...compressionTypes),
    importance: 'high',
    doc: 'none, gzip, snappy, lz4 or zstd.',
  },
  'compression.gzip.level': {
    type: 'int',
    default: -1,
    validate: compressionLevels['compression.gzip.level'],
    importance: 'medium',
    doc: 'Level of gzip compression, from 1 to 9; -1 for its default.',
  },
  'compression.zstd.level': {
    type: 'int',
    default: 3,
    validate: compressionLevels['compression.zstd.level'],
    importance: 'medium',
    doc: 'Level of zstd compression, from -131072 to 22.',
  },
  'delivery.timeout.ms': {
    type: 'int',
    default: MAX_INT,
    validate: between(0),
    importance: 'medium',
    doc: 'Longest time from taking a record to knowing what became of it, in milliseconds.',
  },
  'retries': {
    type: 'int',
    default: MAX_INT,
    validate: between(0, MAX_INT),
    importance: 'high',
    doc: 'How often a batch is sent again after a failure that may pass.',
  },
  'max.block.ms': {
    type: 'long',
    default: Number.MAX_SAFE_INTEGER,
    validate: between(0),
    importance: 'medium',
    doc: 'Longest wait for room in the buffer or for a topic to be known, in milliseconds.',
  },
  'partitioner.ignore.keys': {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether records with a key are spread like those without.',
  },
  'transactional.id': {
    type: 'string',
    default: null,
    importance: 'low',
    doc: 'Identity of a transactional producer.',
  },
  'transaction.timeout.ms': {
    type: 'int',
    default: 60_000,
    importance: 'low',
    doc: 'Time after which the broker aborts a transaction that is not ended, in milliseconds.',
  },
})

export interface ProducerSettings {
  readonly acks: -1 | 0 | 1
  readonly idempotent: boolean
  readonly maxInFlight: number
  readonly batchBytes: number
  readonly lingerMs: number
  readonly bufferBytes: number
  readonly maxRecordBytes: number
  readonly compression: CompressionType
  readonly compressionLevel: number | undefined
  readonly deliveryTimeoutMs: number
  readonly retries: number
  readonly maxBlockMs: number
  readonly ignoreKeys: boolean
  readonly transactionalId: string | null
  readonly transactionTimeoutMs: number
}

/** Reads producer properties. Throws `HR_CONFIG_INVALID` when settings contradict each other, like Kafka. */
export function producerSettings(props: Props): ProducerSettings {
  const config = parseConfig(producerConfig, props)
  const acks = config['acks'] === 'all' ? -1 : (Number(config['acks']) as -1 | 0 | 1)
  const idempotent = config['enable.idempotence'] ?? acks === -1
  const maxInFlight =
    config['max.in.flight.requests.per.connection'] ?? (idempotent ? MAX_IDEMPOTENT_IN_FLIGHT : 1)
  if (idempotent && acks !== -1)
    throw conflict('acks', 'Must set acks to all in order to use the idempotent producer.')
  if (idempotent && maxInFlight > MAX_IDEMPOTENT_IN_FLIGHT) {
    const key = 'max.in.flight.requests.per.connection'
    throw conflict(
      key,
      `Must set ${key} to at most ${MAX_IDEMPOTENT_IN_FLIGHT} to use the idempotent producer.`,
    )
  }
  const compression = config['compression.type'] as CompressionType
  return {
    acks,
    idempotent,
    maxInFlight: Math.max(1, maxInFlight),
    batchBytes: config['batch.size'],
    lingerMs: config['linger.ms'],
    bufferBytes: config['buffer.memory'],
    maxRecordBytes: config['max.request.size'],
    compression,
    compressionLevel:
      compression === 'gzip'
        ? config['compression.gzip.level']
        : compression === 'zstd'
          ? config['compression.zstd.level']
          : undefined,
    deliveryTimeoutMs: config['delivery.timeout.ms'],
    retries: config['retries'],
    maxBlockMs: config['max.block.ms'],
    ignoreKeys: config['partitioner.ignore.keys'],
    transactionalId: config['transactional.id'],
    transactionTimeoutMs: config['transaction.timeout.ms'],
  }
}

function conflict(configKey: string, message: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', message, { configKey })
}
