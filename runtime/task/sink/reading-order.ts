import type { FailureOrder, RecordFailure } from '../../errors/index.ts'
import { keyOf, topicPartitionKey, type Segment } from '../../kafka/index.ts'

/** Orders failures as their records were read from these segments; records of a partition are grouped. */
export function readingOrder(segments: readonly Segment[]): FailureOrder {
  const places = new Map<string, number>()
  for (const [index, { topic, partition }] of segments.entries()) {
    const key = topicPartitionKey(topic, partition)
    if (!places.has(key)) places.set(key, index)
  }
  const placeOf = ({ consumed }: RecordFailure) =>
    (consumed === undefined ? undefined : places.get(keyOf(consumed))) ?? segments.length
  return (a, b) => placeOf(a) - placeOf(b) || (a.consumed?.offset ?? 0) - (b.consumed?.offset ?? 0)
}
