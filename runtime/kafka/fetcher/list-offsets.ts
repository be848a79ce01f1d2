import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import { byTopic } from '../by-topic.ts'
import { noLeader } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'

const CONSUMER_REPLICA_ID = -1

/** Ends of a partition, by their number in the protocol. */
const timestamps = { earliest: -2, latest: -1 } as const

/**
 * First or next offsets of partitions, asked of their leaders. One try: the caller retries, and the next try asks who
 * leads now.
 *
 * Throws `HR_KAFKA_UNAVAILABLE` when a leader is not known or moved.
 */
export async function listOffsets(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  end: keyof typeof timestamps,
  readCommitted = false,
): Promise<PartitionOffset[]> {
  const topics = [...byTopic(partitions).keys()]
  if (partitions.some(({ topic, partition }) => client.leader(topic, partition) === undefined))
    await client.refresh(topics)
  try {
    return await askLeaders(client, partitions, end, readCommitted)
  } catch (error) {
    client.forget(topics)
    throw error
  }
}

async function askLeaders(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  end: keyof typeof timestamps,
  readCommitted: boolean,
): Promise<PartitionOffset[]> {
  const doing = `find the ${end} offsets`
  const byLeader = new Map<number, TopicPartition[]>()
  for (const item of partitions) {
    const leader = client.leader(item.topic, item.partition)
    if (leader === undefined) throw noLeader(item)
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), item])
  }
  const answers = await Promise.all(
    [...byLeader].map(([leader, ofLeader]) => {
      const topics = [...byTopic(ofLeader)].map(([topic, items]) => ({
        topic,
        partitions: items.map(({ partition }) => ({ partition, timestamp: timestamps[end] })),
      }))
      const request = { replicaId: CONSUMER_REPLICA_ID, isolationLevel: readCommitted ? 1 : 0, topics }
      return client.withBroker(leader, doing, (broker) => broker.listOffsets(request))
    }),
  )
  return answers.flatMap(({ responses }) =>
    responses.flatMap(({ topic, partitions: found }) =>
      found.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
    ),
  )
}
