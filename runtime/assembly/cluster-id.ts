import { ConnectError, messageOf } from '../../api/index.ts'
import type { KafkaClient } from '../kafka/index.ts'

const CONNECT_TIMEOUT_MS = 60_000

/**
 * The id of the Kafka cluster. Throws `HR_KAFKA_UNAVAILABLE` when it cannot be reached within a minute, and the reason
 * of `signal`; the client is closed then.
 *
 * Source: WorkerConfig.kafkaClusterId.
 */
export async function lookUpClusterId(client: KafkaClient, signal: AbortSignal): Promise<string | null> {
  const limits = { timeoutMs: CONNECT_TIMEOUT_MS, signal }
  // A connection that is being opened would be waited for otherwise
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
