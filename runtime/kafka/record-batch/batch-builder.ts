import type { Serialized } from '../../../api/index.ts'
import { at, NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE } from './layout.ts'
import { MAX_VARINT_BYTES, MAX_VARLONG_BYTES, varintSize, writeVarint, writeVarlong } from './varint.ts'

/** A serialized header. */
export interface RawHeader {
  readonly key: string
  readonly value: Serialized
}

/** A serialized record. */
export interface RawRecord {
  readonly key: Serialized
  readonly value: Serialized
  /** Milliseconds since the epoch; see {@link isTimestamp}. */
  readonly timestamp: number
  readonly headers: readonly RawHeader[]
}

/** Whether a record can have this timestamp: a non-negative safe integer. */
export function isTimestamp(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** Maximum size of a record without its key, value, and headers, in bytes. */
export const RECORD_OVERHEAD = 1 + MAX_VARLONG_BYTES + 4 * MAX_VARINT_BYTES + MAX_VARINT_BYTES

/**
 * Appends records to a buffer, which becomes a record batch without another copy.
 *
 * Strings are written into the buffer as UTF-8, without a separate Buffer for each.
 */
export class BatchBuilder {
  #bytes: Buffer
  #at: number = at.records
  #count = 0
  #baseTimestamp = 0
  #maxTimestamp = 0
  /**
   * Whether all strings so far were ASCII. The length of the next one is then assumed to be its size in
   * bytes.
   */
  #expectAscii = true
  /** Headers of the last record. Records of one source often share an array. */
  #headers: readonly RawHeader[] = noHeaders
  /** Serialized headers of the last record, once they repeat. */
  #headerBytes: Buffer | undefined

  constructor(buffer: Buffer) {
    this.#bytes = buffer
  }

  get count(): number {
    return this.#count
  }

  /** Uncompressed size of the batch, in bytes. */
  get size(): number {
    return this.#at
  }

  /** Size of the records without the batch header, in bytes. */
  get recordBytes(): number {
    return this.#at - at.records
  }

  get maxTimestamp(): number {
    return this.#maxTimestamp
  }

  get buffer(): Buffer {
    return this.#bytes
  }

  /** Appends a record. Throws if the record cannot be written; the batch is then unchanged. */
  append(record: RawRecord): void {
    const { timestamp } = record
    if (this.#count === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp
    if (record.headers.length > 0) this.#repeatHeaders(record.headers)
    this.#reserve(worstSize(record, this.#headerBytes))
    if (!this.#expectAscii || !this.#appendAscii(record)) {
      this.#expectAscii = false
      this.#appendMeasured(record)
    }
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.#count++
  }

  /** Closes the batch. Writes the header, except for the checksum and the fields that the sender sets. */
  finish(): Buffer {
    const bytes = this.#bytes
    bytes.fill(0, at.baseOffset, at.baseOffset + 8)
    bytes.writeInt32BE(-1, at.partitionLeaderEpoch)
    bytes.writeInt8(2, at.magic)
    bytes.writeInt16BE(0, at.attributes)
    bytes.writeInt32BE(this.#count - 1, at.lastOffsetDelta)
    bytes.writeBigInt64BE(BigInt(this.#baseTimestamp), at.baseTimestamp)
    bytes.writeBigInt64BE(BigInt(this.#maxTimestamp), at.maxTimestamp)
    bytes.writeBigInt64BE(NO_PRODUCER_ID, at.producerId)
    bytes.writeInt16BE(NO_PRODUCER_EPOCH, at.producerEpoch)
    bytes.writeInt32BE(NO_SEQUENCE, at.baseSequence)
    bytes.writeInt32BE(this.#count, at.recordCount)
    return bytes.subarray(0, this.#at)
  }

  /** Writes a record whose strings are all ASCII. Otherwise writes nothing and returns false. */
  #appendAscii(record: RawRecord): boolean {
    const size = this.#bodySize(record, lengthOf)
    const start = this.#at
    if (this.#write(record, size, lengthOf) - start === size + varintSize(size)) return true
    this.#at = start
    return false
  }

  #appendMeasured(record: RawRecord): void {
    const size = this.#bodySize(record, byteLengthOf)
    this.#write(record, size, byteLengthOf)
  }

  #write(record: RawRecord, size: number, measure: Measure): number {
    const bytes = this.#bytes
    let to = writeVarint(bytes, this.#at, size)
    bytes[to++] = 0 // attributes: none are defined
    to = writeVarlong(bytes, to, record.timestamp - this.#baseTimestamp)
    to = writeVarint(bytes, to, this.#count)
    to = writeField(bytes, to, record.key, measure)
    to = writeField(bytes, to, record.value, measure)
    to = writeVarint(bytes, to, record.headers.length)
    // Iterating over an empty array takes a noticeable part of the time of a record
    if (record.headers.length > 0) to = this.#writeHeaders(bytes, to, record.headers, measure)
    this.#at = to
    return to
  }

  #writeHeaders(bytes: Buffer, to: number, headers: readonly RawHeader[], measure: Measure): number {
    if (this.#headerBytes === undefined) return writeHeaders(bytes, to, headers, measure)
    return to + this.#headerBytes.copy(bytes, to)
  }

  #bodySize(record: RawRecord, measure: Measure): number {
    const timestampDelta = record.timestamp - this.#baseTimestamp
    const size = sizeWithoutHeaders(record, this.#count, timestampDelta, measure)
    if (record.headers.length === 0) return size
    return size + (this.#headerBytes?.length ?? sizeOfHeaders(record.headers, measure))
  }

  #repeatHeaders(headers: readonly RawHeader[]): void {
    if (headers === this.#headers) {
      this.#headerBytes ??= serializedHeaders(headers)
    } else {
      this.#headers = headers
      this.#headerBytes = undefined
    }
  }

  #reserve(size: number): void {
    const needed = this.#at + size
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}

type Measure = (field: string | Buffer) => number

const noHeaders: readonly RawHeader[] = []
const lengthOf: Measure = (field) => field.length
const byteLengthOf: Measure = (field) => (typeof field === 'string' ? Buffer.byteLength(field) : field.length)

function writeField(bytes: Buffer, to: number, field: Serialized, measure: Measure): number {
  if (field === null) return writeVarint(bytes, to, -1)
  const start = writeVarint(bytes, to, measure(field))
  return typeof field === 'string'
    ? start + bytes.write(field, start, 'utf8')
    : start + field.copy(bytes, start)
}

function writeHeaders(bytes: Buffer, from: number, headers: readonly RawHeader[], measure: Measure): number {
  let to = from
  for (const header of headers) {
    to = writeField(bytes, to, header.key, measure)
    to = writeField(bytes, to, header.value, measure)
  }
  return to
}

function serializedHeaders(headers: readonly RawHeader[]): Buffer {
  const bytes = Buffer.alloc(sizeOfHeaders(headers, byteLengthOf))
  writeHeaders(bytes, 0, headers, byteLengthOf)
  return bytes
}

function sizeWithoutHeaders(
  record: RawRecord,
  offsetDelta: number,
  timestampDelta: number,
  measure: Measure,
): number {
  return (
    1 +
    varlongSize(timestampDelta) +
    varintSize(offsetDelta) +
    fieldSize(record.key, measure) +
    fieldSize(record.value, measure) +
    varintSize(record.headers.length)
  )
}

function sizeOfHeaders(headers: readonly RawHeader[], measure: Measure): number {
  let size = 0
  for (const header of headers) size += fieldSize(header.key, measure) + fieldSize(header.value, measure)
  return size
}

function fieldSize(field: Serialized, measure: Measure): number {
  if (field === null) return 1
  const length = measure(field)
  return varintSize(length) + length
}

function varlongSize(value: number): number {
  return value === (value | 0) ? varintSize(value) : writeVarlong(scratch, 0, value)
}

const scratch = new Uint8Array(MAX_VARLONG_BYTES)

/** Returns an upper bound of a record's size. A UTF-16 code unit takes at most three bytes in UTF-8. */
function worstSize(record: RawRecord, headerBytes: Buffer | undefined): number {
  let size = RECORD_OVERHEAD + worstField(record.key) + worstField(record.value)
  if (record.headers.length === 0) return size
  if (headerBytes !== undefined) return size + headerBytes.length
  for (const header of record.headers) {
    size += 2 * MAX_VARINT_BYTES + worstField(header.key) + worstField(header.value)
  }
  return size
}

function worstField(field: Serialized): number {
  if (field === null) return 0
  return typeof field === 'string' ? field.length * 3 : field.length
}
