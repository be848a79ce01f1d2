import { compress, compressionTypes, type CompressionType } from './compression/index.ts'
import { crc32c } from './crc32c.ts'
import { at, attributeBits, LOG_OVERHEAD } from './layout.ts'

/** The producer's identity in a batch, by which the broker deduplicates retries. */
export interface BatchIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

/** Compresses the records of a closed batch. Resolves to the same buffer if there is no compression. */
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

/** Writes the identity and the checksum. A batch can be stamped again with a new identity. */
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
