import { batchLayout, BatchBuilder, BatchRecords, type BatchHead } from '../record-batch/index.ts'
import { ProducerBatch } from './batch.ts'

/** Splits a batch that is too large for the broker into two, in order, each with half of its span. */
export function splitBatch(batch: ProducerBatch): [ProducerBatch, ProducerBatch] {
  const span = batch.span / 2
  const first = emptyLike(batch, batch.order, span)
  const second = emptyLike(batch, batch.order + span, span)
  const owners = batch.owners()
  const records = new BatchRecords(headOf(batch))
  for (const [place, { listener, index }] of owners.entries()) {
    records.next()
    const half = place < owners.length / 2 ? first : second
    half.builder.append(recordOf(records))
    half.owned(listener, index)
  }
  first.reservedBytes = Math.min(first.builder.recordBytes, batch.reservedBytes)
  second.reservedBytes = batch.reservedBytes - first.reservedBytes
  return [first, second]
}

function emptyLike(batch: ProducerBatch, order: number, span: number): ProducerBatch {
  const builder = new BatchBuilder(Buffer.allocUnsafeSlow(batch.builder.size))
  return new ProducerBatch(batch.queue, builder, batch.createdAt, order, span)
}

/** Reads the head from the builder, which still has the uncompressed records. */
function headOf({ builder }: ProducerBatch): BatchHead {
  const bytes = builder.buffer
  return {
    baseOffset: 0,
    lastOffset: builder.count - 1,
    producerId: -1n,
    transactional: false,
    control: false,
    recordCount: builder.count,
    baseTimestamp: Number(bytes.readBigInt64BE(batchLayout.baseTimestamp)),
    timestampType: 'CreateTime',
    records: bytes.subarray(batchLayout.records, builder.size),
  }
}

function recordOf(records: BatchRecords) {
  const { bytes, keyStart, keyLength, valueStart, valueLength, timestamp, headers } = records
  return {
    key: keyLength < 0 ? null : bytes.subarray(keyStart, keyStart + keyLength),
    value: valueLength < 0 ? null : bytes.subarray(valueStart, valueStart + valueLength),
    timestamp,
    headers,
  }
}
