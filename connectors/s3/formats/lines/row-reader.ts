import { ConnectError, isConnectError, messageOf } from '../../../../api/index.ts'
import type { ObjectReader, ObjectSource, SchemaAndValue } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import type { RowSplitter } from './row-splitter.ts'

/** Decodes the rows of one object. */
export interface RowDecoder {
  /** Whether a row is a value, and not empty space, for example. Called for each row, in order. */
  isValue(bytes: Buffer, start: number, end: number): boolean
  /** Returns the value of the row for which `isValue` has just been called. */
  decode(bytes: Buffer, start: number, end: number): SchemaAndValue
}

/** Reads objects that consist of rows. */
export function rowReader(
  compression: Compression,
  createSplitter: () => RowSplitter,
  createDecoder: () => RowDecoder,
): ObjectReader {
  return {
    read: (object, skip, signal) =>
      new Reading(object, createDecoder(), skip).read(compression, createSplitter(), signal),
  }
}

class Reading {
  readonly #object: ObjectSource
  readonly #decoder: RowDecoder
  readonly #skip: number
  /** Number of values so far. */
  #count = 0
  #failure: ConnectError | undefined
  /** What the object itself has failed with, which says nothing about its data. */
  #sourceError: unknown

  constructor(object: ObjectSource, decoder: RowDecoder, skip: number) {
    this.#object = object
    this.#decoder = decoder
    this.#skip = skip
  }

  async *read(
    compression: Compression,
    splitter: RowSplitter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SchemaAndValue[]> {
    try {
      for await (const chunk of compression.decompress(this.#stream(signal)))
        yield* this.#values(splitter, chunk)
      yield* this.#values(splitter, undefined)
    } catch (error) {
      throw error === this.#sourceError || isConnectError(error) ? error : this.#damaged(compression, error)
    }
  }

  async *#stream(signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* this.#object.stream(0, signal)
    } catch (error) {
      this.#sourceError = error
      throw error
    }
  }

  /** Returns the values that end in a chunk, or those at the end of the object. Throws after the values before a fault. */
  *#values(splitter: RowSplitter, chunk: Buffer | undefined): Generator<readonly SchemaAndValue[]> {
    const { bytes, bounds } = this.#split(splitter, chunk)
    const values: SchemaAndValue[] = []
    for (let at = 0; at < bounds.length && this.#failure === undefined; at += 2) {
      const [start, end] = [bounds[at]!, bounds[at + 1]!]
      if (!this.#decoder.isValue(bytes, start, end) || ++this.#count <= this.#skip) continue
      const value = this.#decode(bytes, start, end)
      if (value !== undefined) values.push(value)
    }
    if (values.length > 0) yield values
    if (this.#failure !== undefined) throw this.#failure
  }

  #split(splitter: RowSplitter, chunk: Buffer | undefined) {
    try {
      return chunk === undefined ? splitter.end() : splitter.add(chunk)
    } catch (cause) {
      throw this.#invalid(this.#count + 1, cause)
    }
  }

  #decode(bytes: Buffer, start: number, end: number): SchemaAndValue | undefined {
    try {
      return this.#decoder.decode(bytes, start, end)
    } catch (cause) {
      this.#failure = this.#invalid(this.#count, cause)
      return undefined
    }
  }

  #invalid(row: number, cause: unknown): ConnectError {
    const message = `Object ${this.#object.key}, record ${row}: ${messageOf(cause)}`
    return new ConnectError('HR_DATA_INVALID', message, { cause })
  }

  #damaged({ name }: Compression, cause: unknown): ConnectError {
    const message = `Object ${this.#object.key} is not valid ${name} data after ${this.#count} records: ${messageOf(cause)}`
    return new ConnectError('HR_DATA_INVALID', message, { cause })
  }
}
