import { compress, compressionTypes, type CompressionType } from './compression/index.ts'
import { crc32c } from './crc32c.ts'
import { at, attributeBits, LOG_OVERHEAD } from './layout.ts'

/** Who wrote a batch, for the broker to tell repeats from new records. */
export interface BatchIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** A closed batch with its records compressed; the same buffer when there is nothing to do. */
export async function compressBatch(batch: Buffer, type: CompressionType, level?: number): Promise<Buffer> {
  if (type === 'none') return batch
  const records = await compress(type, batch.subarray(at.records), level)
  const compressed = Buffer.concat([batch.subarray(0, at.records), records])
  compressed.writeInt16BE(
    compressed.readInt16BE(at.attributes) | compressionTypes.indexOf(type),
    at.attributes,
  )
  return compressed
}

/** Writes what only the sender knows, and the checksum over it. A batch may be stamped again under a new identity. */
export function stampBatch(batch: Buffer, identity: BatchIdentity | null, transactional: boolean): void {
  batch.writeInt32BE(batch.length - LOG_OVERHEAD, at.batchLength)
  if (identity !== null) {
    batch.writeBigInt64BE(identity.producerId, at.producerId)
    batch.writeInt16BE(identity.producerEpoch, at.producerEpoch)
    batch.writeInt32BE(identity.baseSequence, at.baseSequence)
  }
  if (transactional) {
    batch.writeInt16BE(batch.readInt16BE(at.attributes) | attributeBits.transactional, at.attributes)
  }
  batch.writeUInt32BE(crc32c(batch, at.attributes, batch.length), at.crc)
}
