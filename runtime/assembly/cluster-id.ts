import { ConnectError, messageOf } from '../../api/index.ts'
import type { KafkaClient } from '../kafka/index.ts'

const CONNECT_TIMEOUT_MS = 60_000

/**
 * Resolves to the ID of the Kafka cluster. Throws `HR_KAFKA_UNAVAILABLE` when Kafka is unreachable for a
 * minute, and the abort reason of `signal`; an abort closes the client.
 *
 * Source: WorkerConfig.kafkaClusterId.
 */
export async function lookUpClusterId(client: KafkaClient, signal: AbortSignal): Promise<string | null> {
  const limits = { timeoutMs: CONNECT_TIMEOUT_MS, signal }
  // Otherwise the call would wait for a connection that is being opened
  const close = () => void client.close()
  signal.addEventListener('abort', close, { once: true })
  try {
    await client.retry('find the Kafka cluster', limits, () => client.refresh([]))
    return client.clusterId
  } catch (error) {
    await client.close()
    signal.throwIfAborted()
    const message = `Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties. ${messageOf(error)}`
    throw new ConnectError('HR_KAFKA_UNAVAILABLE', message, { cause: error })
  } finally {
    signal.removeEventListener('abort', close)
  }
}
