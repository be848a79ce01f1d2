import type { Serialized } from '../../../api/index.ts'
import { at, NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE } from './layout.ts'
import { MAX_VARINT_BYTES, MAX_VARLONG_BYTES, varintSize, writeVarint, writeVarlong } from './varint.ts'

/** A header ready for Kafka. */
export interface RawHeader {
  readonly key: string
  readonly value: Serialized
}

/** A record ready for Kafka. */
export interface RawRecord {
  readonly key: Serialized
  readonly value: Serialized
  /** Milliseconds since the epoch; see {@link isTimestamp}. */
  readonly timestamp: number
  readonly headers: readonly RawHeader[]
}

/** Whether a record can have this timestamp: a whole number, not negative, and exact as a number. */
export function isTimestamp(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** Most bytes that a record takes beside its key, value and headers. */
export const RECORD_OVERHEAD = 1 + MAX_VARLONG_BYTES + 4 * MAX_VARINT_BYTES + MAX_VARINT_BYTES

/**
 * Writes records one after the other into one buffer, which becomes a record batch without another copy.
 *
 * Texts are written as UTF-8 straight into the buffer: a string costs no Buffer of its own.
 */
export class BatchBuilder {
  #bytes: Buffer
  #at: number = at.records
  #count = 0
  #baseTimestamp = 0
  #maxTimestamp = 0
  /** Texts seen so far were ASCII, so the length of the next is taken for its size before it is written. */
  #expectAscii = true

  constructor(buffer: Buffer) {
    this.#bytes = buffer
  }

  get count(): number {
    return this.#count
  }

  /** Bytes of the batch so far, uncompressed. */
  get size(): number {
    return this.#at
  }

  /** Bytes of the records alone. */
  get recordBytes(): number {
    return this.#at - at.records
  }

  get maxTimestamp(): number {
    return this.#maxTimestamp
  }

  get buffer(): Buffer {
    return this.#bytes
  }

  /** Adds a record. A record that cannot be written throws, and leaves the batch as it was. */
  append(record: RawRecord): void {
    const { timestamp } = record
    if (this.#count === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp
    this.#reserve(worstSize(record))
    if (!this.#expectAscii || !this.#appendAscii(record)) {
      this.#expectAscii = false
      this.#appendMeasured(record)
    }
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.#count++
  }

  /** Closes the batch: the header is filled in, except for the checksum and what the sender adds. */
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

  /** Writes the record as if all texts were ASCII. False, and nothing written, when one was not. */
  #appendAscii(record: RawRecord): boolean {
    const size = bodySize(record, this.#count, record.timestamp - this.#baseTimestamp, lengthOf)
    const start = this.#at
    if (this.#write(record, size, lengthOf) - start === size + varintSize(size)) return true
    this.#at = start
    return false
  }

  #appendMeasured(record: RawRecord): void {
    const size = bodySize(record, this.#count, record.timestamp - this.#baseTimestamp, byteLengthOf)
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
    for (const header of record.headers) {
      to = writeField(bytes, to, header.key, measure)
      to = writeField(bytes, to, header.value, measure)
    }
    this.#at = to
    return to
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

const lengthOf: Measure = (field) => field.length
const byteLengthOf: Measure = (field) => (typeof field === 'string' ? Buffer.byteLength(field) : field.length)

function writeField(bytes: Buffer, to: number, field: Serialized, measure: Measure): number {
  if (field === null) return writeVarint(bytes, to, -1)
  const start = writeVarint(bytes, to, measure(field))
  return typeof field === 'string'
    ? start + bytes.write(field, start, 'utf8')
    : start + field.copy(bytes, start)
}

function bodySize(record: RawRecord, offsetDelta: number, timestampDelta: number, measure: Measure): number {
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta)
  size +=
    fieldSize(record.key, measure) + fieldSize(record.value, measure) + varintSize(record.headers.length)
  for (const header of record.headers)
    size += fieldSize(header.key, measure) + fieldSize(header.value, measure)
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

/** Upper bound of a record's bytes: a UTF-16 unit takes at most three in UTF-8. */
function worstSize(record: RawRecord): number {
  let size = RECORD_OVERHEAD + worstField(record.key) + worstField(record.value)
  for (const header of record.headers) {
    size += 2 * MAX_VARINT_BYTES + worstField(header.key) + worstField(header.value)
  }
  return size
}

function worstField(field: Serialized): number {
  if (field === null) return 0
  return typeof field === 'string' ? field.length * 3 : field.length
}
