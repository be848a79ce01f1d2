import { ConnectError, type TimestampType } from '../../../api/index.ts'
import { compressionTypes, decompress } from './compression/index.ts'
import { crc32c } from './crc32c.ts'
import { at, attributeBits, LOG_OVERHEAD } from './layout.ts'
import { VarintCursor } from './varint.ts'

/** A header as read from Kafka. */
export interface FetchedHeader {
  readonly key: string
  readonly value: Buffer | null
}

export const noFetchedHeaders: readonly FetchedHeader[] = Object.freeze([])

/** The header of a record batch, and its encoded records, which {@link BatchRecords} decodes. */
export interface BatchHead {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly producerId: bigint
  readonly transactional: boolean
  readonly control: boolean
  readonly recordCount: number
  readonly baseTimestamp: number
  readonly timestampType: TimestampType
  /** Uncompressed records. */
  readonly records: Buffer
}

/**
 * Returns the end of the batch that starts at `from`; undefined if the batch is incomplete.
 *
 * Throws `HR_KAFKA_DATA_CORRUPT` if the length of the batch is invalid.
 */
export function batchEnd(bytes: Buffer, from: number): number | undefined {
  if (from + LOG_OVERHEAD > bytes.length) return undefined
  const length = bytes.readInt32BE(from + at.batchLength)
  if (length < at.records - LOG_OVERHEAD) throw corrupt(bytes, from, `has the invalid length ${length}`)
  const end = from + LOG_OVERHEAD + length
  return end <= bytes.length ? end : undefined
}

/**
 * Reads the header of the batch between `from` and `to`, verifies the checksum, and decompresses the records.
 *
 * Throws `HR_KAFKA_DATA_CORRUPT` for a wrong checksum, an unknown format, or data that cannot be
 * decompressed.
 */
export async function readBatch(
  bytes: Buffer,
  from: number,
  to: number,
  checkSum = true,
): Promise<BatchHead> {
  const magic = bytes.readInt8(from + at.magic)
  if (magic !== 2 || to - from < at.records) throw corrupt(bytes, from, `has format ${magic}, expected 2`)
  if (checkSum && crc32c(bytes, from + at.attributes, to) !== bytes.readUInt32BE(from + at.crc)) {
    throw corrupt(bytes, from, 'does not match its checksum')
  }
  const attributes = bytes.readInt16BE(from + at.attributes)
  const compression = compressionTypes[attributes & attributeBits.compression]
  if (compression === undefined) throw corrupt(bytes, from, 'has an unknown compression type')
  const packed = bytes.subarray(from + at.records, to)
  const baseOffset = Number(bytes.readBigInt64BE(from + at.baseOffset))
  const appended = (attributes & attributeBits.logAppendTime) !== 0
  return {
    baseOffset,
    lastOffset: baseOffset + bytes.readInt32BE(from + at.lastOffsetDelta),
    producerId: bytes.readBigInt64BE(from + at.producerId),
    transactional: (attributes & attributeBits.transactional) !== 0,
    control: (attributes & attributeBits.control) !== 0,
    recordCount: bytes.readInt32BE(from + at.recordCount),
    // With LogAppendTime, all records have the timestamp of the batch, regardless of their deltas
    baseTimestamp: Number(bytes.readBigInt64BE(from + (appended ? at.maxTimestamp : at.baseTimestamp))),
    timestampType: appended ? 'LogAppendTime' : 'CreateTime',
    records: compression === 'none' ? packed : await decompress(compression, packed),
  }
}

function corrupt(bytes: Buffer, from: number, what: string): ConnectError {
  const offset = bytes.readBigInt64BE(from + at.baseOffset)
  return new ConnectError('HR_KAFKA_DATA_CORRUPT', `The record batch at offset ${offset} ${what}`)
}

/**
 * Iterates over the records of a batch without allocating an object for each. `next` advances to a record and
 * sets the fields to its values. Keys and values are ranges of `bytes`; a length of -1 means null.
 */
export class BatchRecords {
  readonly bytes: Buffer
  offset = 0
  timestamp = 0
  keyStart = 0
  keyLength = -1
  valueStart = 0
  valueLength = -1
  headers: readonly FetchedHeader[] = noFetchedHeaders
  readonly #batch: BatchHead
  readonly #cursor: VarintCursor
  readonly #appended: boolean
  #left: number

  constructor(batch: BatchHead) {
    this.#batch = batch
    this.bytes = batch.records
    this.#cursor = new VarintCursor(batch.records, 0)
    this.#left = batch.recordCount
    this.#appended = batch.timestampType === 'LogAppendTime'
  }

  get left(): number {
    return this.#left
  }
  get timestampType(): TimestampType {
    return this.#batch.timestampType
  }

  /** Returns a new iterator over the same batch, before its first record. */
  fromStart(): BatchRecords {
    return new BatchRecords(this.#batch)
  }

  /**
   * Advances to the next record; returns false at the end. Throws `HR_KAFKA_DATA_CORRUPT` if a record ends
   * outside the batch.
   */
  next(): boolean {
    if (this.#left === 0) return false
    const cursor = this.#cursor
    const length = cursor.varint()
    const end = cursor.at + length
    if (length < 0 || end > this.bytes.length) throw this.#corrupt()
    cursor.at++ // attributes
    const timestampDelta = cursor.varlong()
    this.timestamp = this.#appended ? this.#batch.baseTimestamp : this.#batch.baseTimestamp + timestampDelta
    this.offset = this.#batch.baseOffset + cursor.varint()
    this.keyLength = cursor.varint()
    this.keyStart = cursor.at
    if (this.keyLength > 0) cursor.at += this.keyLength
    this.valueLength = cursor.varint()
    this.valueStart = cursor.at
    if (this.valueLength > 0) cursor.at += this.valueLength
    const headers = cursor.varint()
    this.headers = headers === 0 ? noFetchedHeaders : this.#readHeaders(headers)
    if (cursor.at > end) throw this.#corrupt()
    cursor.at = end
    this.#left--
    return true
  }

  #readHeaders(count: number): FetchedHeader[] {
    const { bytes } = this
    const cursor = this.#cursor
    const headers: FetchedHeader[] = []
    // A header takes at least two bytes, so a larger count is corrupt
    if (count < 0 || count > bytes.length - cursor.at) throw this.#corrupt()
    for (let index = 0; index < count; index++) {
      const keyLength = cursor.varint()
      if (keyLength < 0) throw this.#corrupt()
      const key = bytes.toString('utf8', cursor.at, cursor.at + keyLength)
      cursor.at += keyLength
      const length = cursor.varint()
      const value = length < 0 ? null : bytes.subarray(cursor.at, cursor.at + length)
      if (length > 0) cursor.at += length
      headers.push({ key, value })
    }
    return headers
  }

  #corrupt(): ConnectError {
    const message = `The record batch at offset ${this.#batch.baseOffset} contains a record that extends beyond its end`
    return new ConnectError('HR_KAFKA_DATA_CORRUPT', message)
  }
}
