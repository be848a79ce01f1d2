import { kafkaFailure } from '../../connection/broker-errors.ts'
import type { RawRequest } from '../../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../../connection/wire.ts'
import { batchLayout, readBatch } from '../../record-batch/index.ts'
import { recordsOf } from '../../record-batch/test/batches.ts'
import { lostConnection } from '../../test/fake-cluster.ts'

const OUT_OF_ORDER_SEQUENCE = 45
const REMEMBERED_BATCHES = 5

/** The outcome of a produce request: success, or one of several failures. */
export type Fate =
  | 'answer'
  /** The connection breaks before the broker has read the request. */
  | 'lose-request'
  /** The broker stores the batches, but the response is lost. */
  | 'lose-answer'
  /** The broker stores nothing and returns an error code. */
  | { readonly code: number }

/** A batch as the broker received it. */
export interface ArrivedBatch {
  readonly nodeId: number
  readonly partition: number
  readonly producerId: bigint
  readonly epoch: number
  readonly sequence: number
  readonly values: readonly (string | null)[]
  readonly timestamps: readonly number[]
}

interface StoredBatch {
  readonly key: string
  readonly sequence: number
  readonly count: number
  readonly baseOffset: number
}

/**
 * The part of a broker that stores produced batches. Like a broker, it rejects gaps in a sequence and
 * deduplicates retries, so the stored batches show whether the producer is correct.
 */
export class FakeLog {
  /** Called for each request, in order. Can return a promise. */
  fate: (request: number) => Fate | Promise<Fate> = () => 'answer'
  readonly arrived: ArrivedBatch[] = []
  readonly #stored = new Map<number, StoredBatch[]>()
  readonly #values = new Map<number, (string | null)[]>()
  #requests = 0

  values(partition = 0): readonly (string | null)[] {
    return this.#values.get(partition) ?? []
  }

  async produce(nodeId: number, request: RawRequest): Promise<Buffer> {
    const parts = await readRequest(nodeId, request)
    this.arrived.push(...parts.map(({ batch }) => batch))
    const fate = await this.fate(this.#requests++)
    if (fate === 'lose-request') throw kafkaFailure(lostConnection(), 'produce')
    const results = parts.map(({ topic, batch }) => ({
      topic,
      partition: batch.partition,
      ...(typeof fate === 'object' ? { code: fate.code, baseOffset: -1 } : this.#store(batch)),
    }))
    if (fate === 'lose-answer') throw kafkaFailure(lostConnection(), 'produce')
    return response(results)
  }

  #store({ partition, producerId, epoch, sequence, values }: ArrivedBatch): {
    code: number
    baseOffset: number
  } {
    const stored = this.#stored.get(partition) ?? []
    const all = this.#values.get(partition) ?? []
    const key = `${producerId}:${epoch}`
    const own = stored.filter((other) => other.key === key)
    const last = own.at(-1)
    if (producerId >= 0n) {
      const repeat = own
        .slice(-REMEMBERED_BATCHES)
        .find((other) => other.sequence === sequence && other.count === values.length)
      if (repeat !== undefined) return { code: 0, baseOffset: repeat.baseOffset }
      // Like a broker, accepts any first sequence from an unknown producer
      if (last !== undefined && sequence !== last.sequence + last.count) {
        return { code: OUT_OF_ORDER_SEQUENCE, baseOffset: -1 }
      }
    }
    const baseOffset = all.length
    this.#stored.set(partition, [...stored, { key, sequence, count: values.length, baseOffset }])
    this.#values.set(partition, [...all, ...values])
    return { code: 0, baseOffset }
  }
}

async function readRequest(
  nodeId: number,
  { body }: RawRequest,
): Promise<{ topic: string; batch: ArrivedBatch }[]> {
  const reader = new WireReader(Buffer.concat(body))
  reader.nullableString() // transactional id
  reader.int16() // acks
  reader.int32() // timeout
  const parts = reader
    .array((item) => {
      const topic = item.string()
      return item.array((part) => ({
        topic,
        partition: part.int32(),
        bytes: part.bytes() ?? Buffer.alloc(0),
      }))
    })
    .flat()
  return Promise.all(
    parts.map(async ({ topic, partition, bytes }) => {
      const head = await readBatch(bytes, 0, bytes.length)
      const records = recordsOf(head)
      const batch = {
        nodeId,
        partition,
        producerId: head.producerId,
        epoch: bytes.readInt16BE(batchLayout.producerEpoch),
        sequence: bytes.readInt32BE(batchLayout.baseSequence),
        values: records.map(({ value }) => value),
        timestamps: records.map(({ timestamp }) => timestamp),
      }
      return { topic, batch }
    }),
  )
}

function response(
  results: readonly { topic: string; partition: number; code: number; baseOffset: number }[],
): Buffer {
  return new WireWriter()
    .array(results, (writer, { topic, partition, code, baseOffset }) =>
      writer
        .string(topic)
        .array([partition], (item) => item.int32(partition).int16(code).int64(baseOffset).int64(-1).int64(0)),
    )
    .int32(0) // throttle time
    .finish()
}
