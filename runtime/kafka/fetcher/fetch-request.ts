import type { RawRequest } from '../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'
import { byTopic } from '../topic-partition.ts'
import type { FetchSettings } from './settings.ts'

/** A partition to fetch, and the offset to fetch from. */
export interface PartitionFetch {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

/** A broker's fetch response for one partition. */
export interface PartitionAnswer {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: number
  readonly aborted: readonly AbortedTransaction[]
  /** Consecutive record batches. The last one may be incomplete. */
  readonly batches: Buffer
}

/** Encodes Fetch v11 without a fetch session. */
export function fetchRequest(partitions: readonly PartitionFetch[], settings: FetchSettings): RawRequest {
  const topics = [...byTopic(partitions)]
  const body = new WireWriter(1024)
    .int32(-1) // replica id: a consumer
    .int32(settings.maxWaitMs)
    .int32(settings.minBytes)
    .int32(settings.maxBytes)
    .int8(settings.readCommitted ? 1 : 0)
    .int32(0) // session id
    .int32(-1) // session epoch: none
    .array(topics, (writer, [topic, ofTopic]) =>
      writer.string(topic).array(ofTopic, (item, { partition, offset }) => {
        item.int32(partition).int32(-1).int64(offset).int64(-1).int32(settings.partitionBytes)
      }),
    )
    .array([], () => {}) // forgotten topics
    .string('') // rack
    .finish()
  return { apiKey: 1, apiName: 'Fetch', apiVersion: 11, body: [body], holdMs: settings.maxWaitMs }
}

/** Decodes a fetch response. `errorCode` applies to the whole request. */
export function readFetchResponse(payload: Buffer): { errorCode: number; partitions: PartitionAnswer[] } {
  const reader = new WireReader(payload)
  reader.int32() // throttle time
  const errorCode = reader.int16()
  reader.int32() // session id
  const topics = reader.array((item) => {
    const topic = item.string()
    return item.array((part) => readPartition(topic, part))
  })
  return { errorCode, partitions: topics.flat() }
}

function readPartition(topic: string, reader: WireReader): PartitionAnswer {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  reader.int64() // last stable offset
  reader.int64() // log start offset
  const aborted = reader.array((item) => ({ producerId: item.bigInt64(), firstOffset: item.int64() }))
  reader.int32() // preferred read replica
  const batches = reader.bytes() ?? Buffer.alloc(0)
  return { topic, partition, errorCode, highWatermark, aborted, batches }
}
