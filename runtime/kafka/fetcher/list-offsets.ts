import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import { byTopic } from '../by-topic.ts'
import { noLeader } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'

const CONSUMER_REPLICA_ID = -1

/** Ends of a partition, by their number in the protocol. */
const timestamps = { earliest: -2, latest: -1 } as const

/** An end of a partition, or the first record of a time in milliseconds or later. */
export type OffsetQuery = keyof typeof timestamps | { readonly timestamp: number }

/**
 * First or next offsets of partitions, or those of a time, asked of their leaders; -1 where no record is of that time
 * or later. One try: the caller retries, and the next try asks who
 * leads now.
 *
 * Throws `HR_KAFKA_UNAVAILABLE` when a leader is not known or moved.
 */
export async function listOffsets(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  query: OffsetQuery,
  readCommitted = false,
): Promise<PartitionOffset[]> {
  const topics = [...byTopic(partitions).keys()]
  if (partitions.some(({ topic, partition }) => client.leader(topic, partition) === undefined))
    await client.refresh(topics)
  try {
    return await askLeaders(client, partitions, query, readCommitted)
  } catch (error) {
    client.forget(topics)
    throw error
  }
}

async function askLeaders(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  query: OffsetQuery,
  readCommitted: boolean,
): Promise<PartitionOffset[]> {
  const [doing, timestamp] =
    typeof query === 'string'
      ? [`find the ${query} offsets`, timestamps[query]]
      : [`find the offsets of ${new Date(query.timestamp).toISOString()}`, query.timestamp]
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
        partitions: items.map(({ partition }) => ({ partition, timestamp })),
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
