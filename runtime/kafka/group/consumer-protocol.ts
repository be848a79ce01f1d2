import type { TopicPartition } from '../../../api/index.ts'
import { byTopic } from '../topic-partition.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'

/** The metadata that a consumer sends to the leader of its group. */
export interface Subscription {
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  /** Generation in which the owned partitions were assigned; -1 if unknown. */
  readonly generation: number
}

const VERSION = 2

/** Encodes Subscription v2. Source: ConsumerProtocolSubscription.json. */
export function encodeSubscription({ topics, owned, generation }: Subscription): Buffer {
  return new WireWriter()
    .int16(VERSION)
    .array(topics.toSorted(), (writer, topic) => writer.string(topic))
    .bytes(null) // user data
    .array([...byTopic(owned)], writeTopic)
    .int32(generation)
    .finish()
}

/** Decodes any version. Fields that an older version lacks are empty. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = new WireReader(bytes)
  const version = reader.int16()
  const topics = reader.array((item) => item.string())
  reader.bytes() // user data
  const owned = version >= 1 && !reader.atEnd ? readTopics(reader) : []
  const generation = version >= 2 && !reader.atEnd ? reader.int32() : -1
  return { topics, owned, generation }
}

/** Encodes Assignment v1. Source: ConsumerProtocolAssignment.json. */
export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  return new WireWriter()
    .int16(1)
    .array([...byTopic(partitions)], writeTopic)
    .bytes(null)
    .finish()
}

export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return []
  const reader = new WireReader(bytes)
  reader.int16() // version
  return readTopics(reader)
}

function writeTopic(
  writer: WireWriter,
  [topic, partitions]: readonly [string, readonly TopicPartition[]],
): void {
  writer.string(topic).array(partitions, (item, { partition }) => item.int32(partition))
}

function readTopics(reader: WireReader): TopicPartition[] {
  const topics = reader.array((item) => {
    const topic = item.string()
    return item.array((part) => ({ topic, partition: part.int32() }))
  })
  return topics.flat()
}
