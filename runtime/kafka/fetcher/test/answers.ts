import type { RawRequest } from '../../connection/kafkajs.ts'
import { WireReader, WireWriter } from '../../connection/wire.ts'
import { rawRecord, sealedBatch, type BatchInit } from '../../record-batch/test/batches.ts'
import type { PartitionAnswer, PartitionFetch } from '../fetch-request.ts'
import type { Segment } from '../partition-state.ts'

export const TOPIC = 'topic'

/** Returns a response for partition 0 of `topic`, with defaults for the fields that are not given. */
export function answer(batches: Buffer, init: Partial<PartitionAnswer> = {}): PartitionAnswer {
  return { topic: TOPIC, partition: 0, errorCode: 0, highWatermark: 100, aborted: [], batches, ...init }
}

/** Returns a batch whose records have their offsets as values. */
export function batchOf(
  offsets: readonly [first: number, last: number],
  init: BatchInit = {},
): Promise<Buffer> {
  const [first, last] = offsets
  const records = Array.from({ length: last - first + 1 }, (_, step) =>
    rawRecord({ value: String(first + step) }),
  )
  return sealedBatch(records, { ...init, baseOffset: first })
}

/** Returns the values of the records that a reader of the segments sees. */
export function valuesOf(segments: readonly (Segment | undefined)[]): string[] {
  const values: string[] = []
  for (const segment of segments) {
    if (segment === undefined) continue
    const { records, count, fromOffset } = segment
    for (let left = count; left > 0 && records.next(); left--) {
      const { bytes, offset, valueStart, valueLength } = records
      if (offset >= fromOffset) values.push(bytes.toString('utf8', valueStart, valueStart + valueLength))
    }
  }
  return values
}

/** Returns the partitions and offsets of a fetch request. */
export function readFetchRequest({ body }: RawRequest): PartitionFetch[] {
  const reader = new WireReader(Buffer.concat(body))
  for (let field = 0; field < 4; field++) reader.int32() // replica, wait, bytes
  reader.int8() // isolation
  reader.int32() // session
  reader.int32() // its epoch
  const topics = reader.array((item) => {
    const topic = item.string()
    return item.array((part) => {
      const partition = part.int32()
      part.int32() // leader epoch
      const offset = part.int64()
      part.int64() // log start offset
      part.int32() // bytes
      return { topic, partition, offset }
    })
  })
  return topics.flat()
}

export function fetchResponse(answers: readonly PartitionAnswer[]): Buffer {
  return new WireWriter()
    .int32(0) // throttle time
    .int16(0)
    .int32(0) // session
    .array(answers, (writer, part) =>
      writer
        .string(part.topic)
        .array([part], (item, { partition, errorCode, highWatermark, aborted, batches }) =>
          item
            .int32(partition)
            .int16(errorCode)
            .int64(highWatermark)
            .int64(highWatermark)
            .int64(0)
            .array(aborted, (entry, { producerId, firstOffset }) =>
              entry.int64(producerId).int64(firstOffset),
            )
            .int32(-1)
            .bytes(batches),
        ),
    )
    .finish()
}
