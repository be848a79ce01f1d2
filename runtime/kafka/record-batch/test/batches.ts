import { ConnectError } from '../../../../api/index.ts'
import { BatchBuilder, BatchRecords, compressBatch, readBatch, stampBatch } from '../index.ts'
import type { BatchHead, CompressionType, FetchedHeader, RawRecord } from '../index.ts'
import type { BatchIdentity } from '../seal.ts'

const TIMESTAMP = 1_790_000_000_000

/** Returns a record, with defaults for the fields that are not given. */
export function rawRecord(init: Partial<RawRecord> = {}): RawRecord {
  return { key: null, value: 'value', timestamp: TIMESTAMP, headers: [], ...init }
}

export interface BatchInit {
  readonly compression?: CompressionType
  readonly identity?: BatchIdentity
  readonly transactional?: boolean
  readonly baseOffset?: number
}

/** Resolves to a sealed batch, as a broker would store it. */
export async function sealedBatch(records: readonly RawRecord[], init: BatchInit = {}): Promise<Buffer> {
  const builder = new BatchBuilder(Buffer.alloc(64))
  for (const record of records) builder.append(record)
  const batch = Buffer.from(await compressBatch(builder.finish(), init.compression ?? 'none'))
  stampBatch(batch, init.identity ?? null, init.transactional ?? false)
  batch.writeBigInt64BE(BigInt(init.baseOffset ?? 0)) // set by the broker; not part of the checksum
  return batch
}

/** A record as a reader sees it, with strings instead of bytes. */
export interface ReadRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [key: string, value: string | null])[]
}

export function recordsOf(head: BatchHead): ReadRecord[] {
  const cursor = new BatchRecords(head)
  const records: ReadRecord[] = []
  while (cursor.next()) {
    const { bytes, offset, timestamp, keyStart, keyLength, valueStart, valueLength } = cursor
    const text = (start: number, length: number) =>
      length < 0 ? null : bytes.toString('utf8', start, start + length)
    records.push({
      offset,
      timestamp,
      key: text(keyStart, keyLength),
      value: text(valueStart, valueLength),
      headers: cursor.headers.map(headerTexts),
    })
  }
  return records
}

const headerTexts = ({ key, value }: FetchedHeader): readonly [string, string | null] => [
  key,
  value === null ? null : value.toString('utf8'),
]

/** Reads a complete batch. */
export async function readWhole(batch: Buffer): Promise<{ head: BatchHead; records: ReadRecord[] }> {
  const head = await readBatch(batch, 0, batch.length)
  return { head, records: recordsOf(head) }
}

/** Expected error for `assert.rejects` and `assert.throws`. */
export const isCorrupt = (error: unknown): boolean =>
  error instanceof ConnectError && error.code === 'HR_KAFKA_DATA_CORRUPT'
