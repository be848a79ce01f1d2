import { ConnectError } from '../../../api/index.ts'
import type { RawRequest } from '../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'
import { byTopic } from '../by-topic.ts'
import type { ProducerBatch } from './batch.ts'

const PRODUCE = { apiKey: 0, apiName: 'Produce', apiVersion: 7 } as const

export interface ProduceOptions {
  readonly transactionalId: string | null
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: number
}

/** What the broker says of one partition's batch. */
export interface ProduceResult {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly baseOffset: number
}

/** Produce v7 with one stamped batch a partition. The batches are not copied. */
export function produceRequest(batches: readonly ProducerBatch[], options: ProduceOptions): RawRequest {
  const topics = byTopic(batches)
  const body: Buffer[] = []
  let head = new WireWriter()
    .string(options.transactionalId)
    .int16(options.acks)
    .int32(options.timeoutMs)
    .int32(topics.size)
  for (const [topic, ofTopic] of topics) {
    head.string(topic).int32(ofTopic.length)
    for (const { partition, bytes } of ofTopic) {
      if (bytes === undefined) throw new TypeError('a batch is sent before it is closed')
      body.push(head.int32(partition).int32(bytes.length).finish(), bytes)
      head = new WireWriter(64)
    }
  }
  return { ...PRODUCE, body, expectResponse: options.acks !== 0, timeoutMs: options.timeoutMs }
}

export function readProduceResponse(payload: Buffer): ProduceResult[] {
  const topics = new WireReader(payload).array((reader) => {
    const topic = reader.string()
    return reader.array((item) => {
      const result = { topic, partition: item.int32(), errorCode: item.int16(), baseOffset: item.int64() }
      item.int64() // log append time
      item.int64() // log start offset
      return result
    })
  })
  return topics.flat()
}

/** What the broker said of a batch; nothing when it is not to answer. Throws `HR_KAFKA_UNAVAILABLE` when it said nothing. */
export function resultFor(
  batch: ProducerBatch,
  results: readonly ProduceResult[],
  acks: ProduceOptions['acks'],
): ProduceResult | undefined {
  if (acks === 0) return undefined
  const found = results.find((result) => result.topic === batch.topic && result.partition === batch.partition)
  if (found !== undefined) return found
  throw new ConnectError('HR_KAFKA_UNAVAILABLE', `The broker did not answer for topic ${batch.topic}`)
}
