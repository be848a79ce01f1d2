import { ConnectError, messageOf } from '../../api/index.ts'
import type { KafkaClient } from '../kafka/index.ts'

const CONNECT_TIMEOUT_MS = 60_000

/** The id of the Kafka cluster. Throws `HR_KAFKA_UNAVAILABLE` when it cannot be reached. Source: WorkerConfig.kafkaClusterId. */
export async function lookUpClusterId(client: KafkaClient): Promise<string | null> {
  try {
    await client.retry('find the Kafka cluster', { timeoutMs: CONNECT_TIMEOUT_MS }, () => client.refresh([]))
    return client.clusterId
  } catch (error) {
    const message = `Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties. ${messageOf(error)}`
    throw new ConnectError('HR_KAFKA_UNAVAILABLE', message, { cause: error })
  }
}
