import { WireReader, WireWriter } from './wire.ts'
import type { RawRequest } from './kafkajs.ts'

export interface BrokerAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

export interface PartitionMetadata {
  readonly partition: number
  /** Node id; -1 if there is no leader. */
  readonly leader: number
  readonly replicas: number
}

export interface TopicMetadata {
  readonly topic: string
  /** 0, or the error code for the topic. */
  readonly errorCode: number
  /** Indexed by partition number. */
  readonly partitions: readonly PartitionMetadata[]
}

export interface ClusterMetadata {
  readonly brokers: readonly BrokerAddress[]
  readonly clusterId: string | null
  readonly controllerId: number
  readonly topics: readonly TopicMetadata[]
}

/** Encodes Metadata v6. Unlike in kafkajs, one unknown topic does not fail the whole request. */
export function metadataRequest(
  topics: readonly string[] | null,
  allowAutoTopicCreation: boolean,
): RawRequest {
  const body = new WireWriter()
    .array(topics, (writer, topic) => writer.string(topic))
    .boolean(allowAutoTopicCreation)
    .finish()
  return { apiKey: 3, apiName: 'Metadata', apiVersion: 6, body: [body] }
}

export function readMetadata(payload: Buffer): ClusterMetadata {
  const reader = new WireReader(payload)
  reader.int32() // throttle time
  const brokers = reader.array((item) => {
    const address = { nodeId: item.int32(), host: item.string(), port: item.int32() }
    item.nullableString() // rack
    return address
  })
  const clusterId = reader.nullableString()
  const controllerId = reader.int32()
  return { brokers, clusterId, controllerId, topics: reader.array(readTopic) }
}

function readTopic(reader: WireReader): TopicMetadata {
  const errorCode = reader.int16()
  const topic = reader.string()
  reader.boolean() // internal
  const partitions = reader.array(readPartition)
  return { topic, errorCode, partitions: partitions.toSorted((a, b) => a.partition - b.partition) }
}

function readPartition(reader: WireReader): PartitionMetadata {
  reader.int16() // error code: a partition without a leader has leader -1
  const partition = reader.int32()
  const leader = reader.int32()
  const replicas = reader.array((item) => item.int32()).length
  reader.array((item) => item.int32()) // in-sync replicas
  reader.array((item) => item.int32()) // offline replicas
  return { partition, leader, replicas }
}
