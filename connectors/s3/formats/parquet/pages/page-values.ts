import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import type { PrimitiveType } from '../schema/parquet-type.ts'
import { corrupt } from './corrupt.ts'
import { readRunLengths } from './run-lengths.ts'
import { exactInt64, type ValueSource } from './value-source.ts'

type Stored = number | bigint | boolean

/** Decodes the values of pages of a column. */
export class PageDecoder {
  readonly #type: PrimitiveType
  readonly #source: ValueSource
  #dictionary: readonly unknown[] | undefined

  constructor(type: PrimitiveType, source: ValueSource) {
    this.#type = type
    this.#source = source
  }

  readDictionary(bytes: Buffer, count: number): void {
    this.#dictionary = this.#plain(bytes, count)
  }

  /** Returns the values of a page. Throws `HR_DATA_INVALID` for encodings that are unknown. */
  read(encoding: string | undefined, bytes: Buffer, count: number): readonly unknown[] {
    if (count === 0) return []
    switch (encoding) {
      case 'PLAIN':
        return this.#plain(bytes, count)
      case 'PLAIN_DICTIONARY':
      case 'RLE_DICTIONARY':
        return this.#indexed(bytes, count)
      case 'RLE':
        return this.#booleanRuns(bytes, count)
      default:
        return this.#byLibrary(encoding, bytes, count)
    }
  }

  #indexed(bytes: Buffer, count: number): unknown[] {
    const dictionary = this.#dictionary
    if (dictionary === undefined) throw corrupt('a page needs a dictionary, but there is none')
    const values: unknown[] = []
    for (const index of readRunLengths(bytes.subarray(1), bytes[0] ?? 0, new Uint32Array(count))) {
      if (index >= dictionary.length) throw corrupt(`there is no entry ${index} in the dictionary`)
      values.push(dictionary[index])
    }
    return values
  }

  #booleanRuns(bytes: Buffer, count: number): unknown[] {
    if (this.#type.physical !== 'BOOLEAN') throw corrupt(`encoding RLE for ${this.#type.physical}`)
    const levels = readRunLengths(bytes.subarray(4), 1, new Uint8Array(count))
    return Array.from(levels, (level) => this.#source.fromNumber(level === 1))
  }

  #plain(bytes: Buffer, count: number): unknown[] {
    const { physical, length } = this.#type
    const { fromNumber, fromBytes } = this.#source
    const numbers = (width: number, read: (at: number) => Stored): unknown[] => {
      if (Math.ceil(count * width) > bytes.length) throw corrupt('the values end early')
      const values: unknown[] = []
      for (let at = 0; at < count; at++) values.push(fromNumber(read(at)))
      return values
    }
    switch (physical) {
      case 'BOOLEAN':
        return numbers(1 / 8, (at) => (((bytes[at >> 3] as number) >> (at & 7)) & 1) === 1)
      case 'INT32':
        return numbers(4, (at) => bytes.readInt32LE(at * 4))
      case 'INT64':
        return numbers(8, (at) => readInt64(bytes, at * 8))
      case 'FLOAT':
        return numbers(4, (at) => bytes.readFloatLE(at * 4))
      case 'DOUBLE':
        return numbers(8, (at) => bytes.readDoubleLE(at * 8))
      case 'BYTE_ARRAY':
        return withLengths(bytes, count, fromBytes)
      default:
        return fixed(bytes, count, physical === 'INT96' ? 12 : length, fromBytes)
    }
  }

  /** Decodes the encodings that other writers use. */
  #byLibrary(encoding: string | undefined, bytes: Buffer, count: number): unknown[] {
    const { physical, length } = this.#type
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
    if (encoding === 'DELTA_BINARY_PACKED') {
      const output = physical === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
      deltaBinaryUnpack(reader, count, output)
      return this.#converted(output)
    }
    if (encoding === 'BYTE_STREAM_SPLIT')
      return this.#converted(byteStreamSplit(reader, count, physical, length))
    const output: Uint8Array[] = Array.from({ length: count })
    if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') deltaLengthByteArray(reader, count, output)
    else if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, output)
    else throw corrupt(`the encoding ${String(encoding)} is not supported`)
    return this.#converted(output)
  }

  #converted(values: ArrayLike<unknown>): unknown[] {
    const { fromNumber, fromBytes } = this.#source
    return Array.from(values, (value) => {
      if (!(value instanceof Uint8Array))
        return fromNumber(typeof value === 'bigint' ? exactInt64(value) : (value as Stored))
      return fromBytes(Buffer.from(value.buffer, value.byteOffset, value.length), 0, value.length)
    })
  }
}

function readInt64(bytes: Buffer, at: number): number | bigint {
  const high = bytes.readInt32LE(at + 4)
  const value = high * 0x1_0000_0000 + bytes.readUInt32LE(at)
  return Number.isSafeInteger(value) ? value : bytes.readBigInt64LE(at)
}

function withLengths(bytes: Buffer, count: number, fromBytes: ValueSource['fromBytes']): unknown[] {
  const values: unknown[] = []
  let at = 0
  while (values.length < count) {
    if (at + 4 > bytes.length) throw corrupt('the values end early')
    const start = at + 4
    at = start + bytes.readUInt32LE(at)
    if (at > bytes.length) throw corrupt('a value is longer than its page')
    values.push(fromBytes(bytes, start, at))
  }
  return values
}

function fixed(bytes: Buffer, count: number, width: number, fromBytes: ValueSource['fromBytes']): unknown[] {
  if (width === 0 || count * width > bytes.length) throw corrupt('the values end early')
  return Array.from({ length: count }, (_, at) => fromBytes(bytes, at * width, (at + 1) * width))
}
