import type { TopicPartition } from '../../api/index.ts'

/** A key for maps and sets, which log lines show too. Source: TopicPartition.toString. */
export const topicPartitionKey = (topic: string, partition: number): string => `${topic}-${partition}`

/** Like {@link topicPartitionKey}, for anything in a partition. */
export const keyOf = ({ topic, partition }: TopicPartition): string => topicPartitionKey(topic, partition)

/** Groups items by topic, in order of first appearance, for requests that list each topic once. */
export function byTopic<T extends { readonly topic: string }>(items: Iterable<T>): Map<string, T[]> {
  const topics = new Map<string, T[]>()
  for (const item of items) {
    const known = topics.get(item.topic)
    if (known === undefined) topics.set(item.topic, [item])
    else known.push(item)
  }
  return topics
}
