import { randomBytes } from 'node:crypto'
import { ConnectError, validateValue, type Schema } from '../../../../../api/index.ts'
import type { ObjectEncoder, Output } from '../../../ports.ts'
import type { Writing } from '../values/index.ts'
import { codecOf, type AvroCodec, type Codec } from './codecs.ts'
import { blockHeaderBytes, headerBytes, SYNC_BYTES } from './header.ts'

/** A block ends with the value that passes this number of bytes. Source: DataFileConstants.DEFAULT_SYNC_INTERVAL. */
const BLOCK_BYTES = 64_000
/** Memory for the first values; small files do not need that of a whole block. */
const FIRST_BYTES = 4096
const NEXT_BYTES = 2 * BLOCK_BYTES

/** A block that is complete. `done` is its content after compression, which happens on the thread pool. */
interface Sealed {
  readonly count: number
  readonly size: number
  done: Buffer | undefined
  fault: unknown
  readonly settled: Promise<void>
}

/** Writes an Avro object container file. Bytes are passed to the output only during a call. */
export class AvroEncoder implements ObjectEncoder {
  readonly keptBytes = 0
  readonly #schema: Schema | null
  readonly #writing: Writing
  readonly #codecName: AvroCodec
  readonly #codec: Codec
  readonly #output: Output
  readonly #sync = randomBytes(SYNC_BYTES)
  #started = false
  #block: Buffer = Buffer.alloc(0)
  #nextBytes = FIRST_BYTES
  /** Bytes and values in the block. */
  #used = 0
  #count = 0
  /** In order. */
  readonly #sealed: Sealed[] = []

  constructor(schema: Schema | null, writing: Writing, codec: AvroCodec, output: Output) {
    this.#schema = schema
    this.#writing = writing
    this.#codecName = codec
    this.#codec = codecOf(codec)
    this.#output = output
  }

  get heldBytes(): number {
    let held = this.#count === 0 ? 0 : this.#block.length
    for (const { size, done } of this.#sealed) held += done?.length ?? size
    return held
  }

  write(value: unknown, schema: Schema | null): void {
    this.#refuseOtherSchema(value, schema)
    const end = this.#encode(value)
    // nothing has changed until here
    this.#used = end
    this.#count++
    if (end >= BLOCK_BYTES) this.#seal()
    this.#passOn()
  }

  async release(): Promise<void> {
    this.#seal()
    await Promise.all(this.#sealed.map(({ settled }) => settled))
    this.#passOn()
    const [failed] = this.#sealed
    if (failed !== undefined) throw failed.fault
  }

  async end(): Promise<void> {
    await this.release()
    this.#start()
    this.#block = Buffer.alloc(0)
  }

  /** A struct must have the schema of the file, as in Java; other values must have its type. */
  #refuseOtherSchema(value: unknown, schema: Schema | null): void {
    const own = this.#schema
    if (schema === own && (schema !== null || (value !== null && value !== undefined))) return
    if (own !== null && schema !== null && own.type === schema.type && own.type !== 'struct') return
    const message =
      schema === own
        ? 'A null without a schema cannot be written to an Avro file'
        : `Mismatching schema: the Avro file has ${nameOf(own)}, the value another one, ${nameOf(schema)}`
    throw new ConnectError('HR_DATA_INVALID', message)
  }

  /** Returns the end of the value in the block. */
  #encode(value: unknown): number {
    if (this.#block.length === 0) this.#block = Buffer.allocUnsafeSlow(this.#nextBytes)
    for (;;) {
      const end = this.#tryEncode(value)
      if (end >= 0) return end
      // the number of bytes that were missing
      const needed = Math.max(this.#block.length * 2, this.#block.length - end)
      const larger = Buffer.allocUnsafeSlow(needed)
      this.#block.copy(larger, 0, 0, this.#used)
      this.#block = larger
    }
  }

  #tryEncode(value: unknown): number {
    try {
      return this.#writing.type.encode(value, this.#block, this.#used)
    } catch (error) {
      // names the field, where it can
      if (this.#schema !== null) validateValue(this.#schema, value)
      throw error
    }
  }

  #seal(): void {
    if (this.#count === 0) return
    const bytes = this.#block.subarray(0, this.#used)
    const block: Sealed = {
      count: this.#count,
      size: this.#block.length,
      // without compression, the block can be passed on at once
      done: this.#codecName === 'null' ? bytes : undefined,
      fault: undefined,
      settled: this.#codec.compress(bytes).then(
        (done) => void (block.done = done),
        (fault: unknown) => void (block.fault = fault),
      ),
    }
    this.#sealed.push(block)
    this.#nextBytes = Math.min(Math.max(this.#used * 1.25, FIRST_BYTES) | 0, NEXT_BYTES)
    this.#block = Buffer.alloc(0)
    this.#used = 0
    this.#count = 0
  }

  /** Passes the blocks that are compressed to the output, up to the first that is not. */
  #passOn(): void {
    for (let block = this.#sealed[0]; block !== undefined; block = this.#sealed[0]) {
      if (block.done === undefined) return
      this.#start()
      this.#output(blockHeaderBytes({ count: block.count, size: block.done.length }))
      this.#output(block.done)
      this.#output(this.#sync)
      this.#sealed.shift()
    }
  }

  #start(): void {
    if (this.#started) return
    this.#started = true
    this.#output(headerBytes({ schema: this.#writing.text, codec: this.#codecName, sync: this.#sync }))
  }
}

const nameOf = (schema: Schema | null): string => (schema === null ? 'no schema' : String(schema))
