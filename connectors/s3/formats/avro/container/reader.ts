import { ConnectError, isConnectError, messageOf } from '../../../../../api/index.ts'
import type { ObjectReader, ObjectSource, SchemaAndValue } from '../../../ports.ts'
import type { AvroDataSettings } from '../settings.ts'
import { readingOf, type Reading } from '../values/index.ts'
import { corrupt } from '../values/items.ts'
import { ByteReader } from './byte-reader.ts'
import { codecOf, MAX_BLOCK, type Codec } from './codecs.ts'
import { readBlockHeader, readHeader, SYNC_BYTES, type BlockHeader } from './header.ts'

/** Number of values that are read at once. */
const BATCH = 1000
/** Number of schemas that are kept compiled. */
const MOST_SCHEMAS = 100

/**
 * Reads Avro object container files, compressed with deflate, snappy, zstandard or not at all. Memory is bounded by the
 * size of a block. `skip` passes over whole blocks without decompressing them.
 */
export function avroReader(settings: AvroDataSettings): ObjectReader {
  const known = new Map<string, Reading>()
  const compiled = (text: string): Reading => {
    const reading = known.get(text) ?? readingOf(text, settings)
    known.delete(text)
    known.set(text, reading)
    for (const oldest of known.keys()) if (known.size > MOST_SCHEMAS) known.delete(oldest)
    return reading
  }
  return {
    async *read(object, skip, signal) {
      const bytes = new ByteReader(object.stream(0, signal))
      try {
        yield* new AvroFile(object, bytes, compiled).values(skip)
      } finally {
        await bytes.close()
      }
    },
  }
}

interface Opened {
  readonly reading: Reading
  readonly codec: Codec
  readonly sync: Buffer
}

class AvroFile {
  readonly #object: ObjectSource
  readonly #bytes: ByteReader
  readonly #compiled: (text: string) => Reading
  /** Number of values before the current block. */
  #before = 0

  constructor(object: ObjectSource, bytes: ByteReader, compiled: (text: string) => Reading) {
    this.#object = object
    this.#bytes = bytes
    this.#compiled = compiled
  }

  async *values(skip: number): AsyncGenerator<readonly SchemaAndValue[]> {
    const opened = await this.#explained(0, () => this.#open())
    for (;;) {
      const start = this.#bytes.position
      const block = await this.#explained(start, () => this.#nextBlock(opened, skip))
      if (block === undefined) return
      if (block.content !== undefined) {
        yield* this.#valuesOf(
          block.content,
          block.header.count,
          Math.max(skip - this.#before, 0),
          opened,
          start,
        )
      }
      this.#before += block.header.count
    }
  }

  async #open(): Promise<Opened> {
    for (;;) {
      const known = this.#bytes.bytes.length
      const found = known === 0 ? undefined : readHeader(this.#bytes.bytes)
      if (found !== undefined) {
        this.#bytes.drop(found.end)
        const { schema, codec, sync } = found.header
        return { reading: this.#compiled(schema), codec: codecOf(codec), sync }
      }
      if (!(await this.#bytes.hasMoreThan(known * 2))) {
        if (this.#bytes.bytes.length === known)
          throw corrupt(known === 0 ? 'it is empty' : 'its header is cut off')
      }
    }
  }

  /** Resolves to the next block, without content if all of it is skipped; undefined at the end of the file. */
  async #nextBlock(
    { codec, sync }: Opened,
    skip: number,
  ): Promise<{ readonly header: BlockHeader; readonly content: Buffer | undefined } | undefined> {
    if (!(await this.#bytes.hasMoreThan(0))) return undefined
    const header = await this.#blockHeader()
    const skipped = this.#before + header.count <= skip
    const content = skipped
      ? (await this.#bytes.skip(header.size))
        ? Buffer.alloc(0)
        : undefined
      : await this.#bytes.take(header.size)
    const marker = await this.#bytes.take(SYNC_BYTES)
    if (content === undefined || marker === undefined) throw corrupt('the file ends inside of a block')
    if (!marker.equals(sync)) throw corrupt('the block does not end with the marker of the file')
    return { header, content: skipped ? undefined : await codec.decompress(content) }
  }

  async #blockHeader(): Promise<BlockHeader> {
    let found = readBlockHeader(this.#bytes.bytes)
    while (found === undefined) {
      if (!(await this.#bytes.hasMoreThan(this.#bytes.bytes.length)))
        throw corrupt('the file ends inside of a block')
      found = readBlockHeader(this.#bytes.bytes)
    }
    const { count, size } = found.header
    if (!(Number.isSafeInteger(count) && count >= 0 && size >= 0 && size <= MAX_BLOCK)) {
      throw corrupt(`a block has ${count} values in ${size} bytes, expected at most ${MAX_BLOCK} bytes`)
    }
    this.#bytes.drop(found.end)
    return found.header
  }

  *#valuesOf(
    content: Buffer,
    count: number,
    skip: number,
    { reading: { schema, type } }: Opened,
    start: number,
  ): Generator<readonly SchemaAndValue[]> {
    let position = 0
    for (let read = 0; read < count;) {
      const { values, end, fault } = type.readSome(content, position, Math.min(count - read, BATCH))
      const wanted = values.slice(Math.max(skip - read, 0)).map((value) => ({ schema, value }))
      if (wanted.length > 0) yield wanted
      read += values.length
      position = end
      if (fault !== undefined) throw this.#fault(start, fault, this.#before + read)
    }
    if (position === content.length) return
    const rest = corrupt(`the block has ${content.length - position} bytes more than its ${count} values`)
    throw this.#fault(start, rest)
  }

  async #explained<T>(start: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.#fault(start, error)
    }
  }

  /** Adds the place. Errors of the storage, and an abort, stay as they are. */
  #fault(start: number, cause: unknown, value?: number): unknown {
    const ofData = isConnectError(cause) ? ofFile.has(cause.code) : isCorruption(cause)
    if (!ofData) return cause
    const place =
      value === undefined ? `at byte ${start}` : `in value ${value}, in the block at byte ${start}`
    const message = `The object ${this.#object.key} is not a valid Avro file ${place}: ${messageOf(cause)}`
    return new ConnectError('HR_DATA_INVALID', message, { cause })
  }
}

/** Other errors are those of the storage. */
const ofFile = new Set<string>(['HR_DATA_INVALID', 'HR_SCHEMA_INVALID'])

/** Errors of zlib, and a value that is nested deeper than the stack allows. */
const isCorruption = (error: unknown): boolean =>
  error instanceof RangeError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
