import { ConnectError, type Props } from '../../../api/index.ts'
import { parseConfig } from '../../../config/index.ts'
import type { CompressionType } from '../record-batch/index.ts'
import { producerConfig } from '../settings/table/index.ts'

/** A broker deduplicates only the last five batches of a producer, so no more may be in flight. */
const MAX_IDEMPOTENT_IN_FLIGHT = 5

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

/**
 * Reads producer properties. Throws `HR_CONFIG_INVALID` when settings contradict each other, like Kafka.
 *
 * Differs: by default, the producer is idempotent with 5 requests in flight; batch.size is 512 KiB, and
 * linger.ms is 0, because batches fill without a delay under load.
 */
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
