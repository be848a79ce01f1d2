import { ConnectError } from '../../../api/index.ts'
import type { RawRequest } from '../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../connection/wire.ts'
import { byTopic } from '../topic-partition.ts'
import { stampBatch } from '../record-batch/index.ts'
import type { ProducerBatch } from './batch.ts'

const PRODUCE = { apiKey: 0, apiName: 'Produce', apiVersion: 7 } as const

export interface ProduceOptions {
  readonly transactionalId: string | null
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: number
}

/** The broker's result for one partition's batch. */
export interface ProduceResult {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly baseOffset: number
}

/** Encodes Produce v7 with one batch per partition. Stamps the batches in place, without a copy. */
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
    for (const batch of ofTopic) {
      const bytes = stamped(batch, options.transactionalId !== null)
      body.push(head.int32(batch.partition).int32(bytes.length).finish(), bytes)
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

/**
 * Returns the broker's result for a batch: undefined with `acks=0`, which has no response, or an error when
 * the response does not include the batch.
 */
export function resultFor(
  batch: ProducerBatch,
  results: readonly ProduceResult[],
  acks: ProduceOptions['acks'],
): ProduceResult | ConnectError | undefined {
  if (acks === 0) return undefined
  const { topic, partition } = batch
  const found = results.find((result) => result.topic === topic && result.partition === partition)
  const message = `The response of the broker does not contain partition ${partition} of topic ${topic}`
  return found ?? new ConnectError('HR_KAFKA_UNAVAILABLE', message)
}

/** Writes the fields that are known only when the batch is sent: the identity and the checksum. */
function stamped({ bytes, queue, sequence }: ProducerBatch, transactional: boolean): Buffer {
  if (bytes === undefined) throw new TypeError('a batch was sent before it was closed')
  const { identity } = queue
  stampBatch(
    bytes,
    identity === undefined ? null : { ...identity, baseSequence: sequence ?? 0 },
    transactional,
  )
  return bytes
}
