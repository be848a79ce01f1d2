import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import { byTopic } from '../topic-partition.ts'
import { noLeader } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'

const CONSUMER_REPLICA_ID = -1

/** The timestamps by which the protocol represents the ends of a partition. */
const timestamps = { earliest: -2, latest: -1 } as const

/** An end of a partition, or the first record with this timestamp in milliseconds or a later one. */
export type OffsetQuery = keyof typeof timestamps | { readonly timestamp: number }

/**
 * Resolves to the offsets of partitions, as returned by their leaders; -1 where no record has the timestamp
 * or a later one. Does not retry. After a failure, the next call refreshes the metadata first.
 *
 * Throws `HR_KAFKA_UNAVAILABLE` when a leader is unknown or has moved.
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
