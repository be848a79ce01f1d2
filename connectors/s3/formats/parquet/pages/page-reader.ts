import type { PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { messageOf } from '../../../../../api/index.ts'
import type { Leaf } from '../schema/parquet-type.ts'
import type { ChunkBytes } from './chunk-bytes.ts'
import { corrupt } from './corrupt.ts'
import type { PageDecoder } from './page-values.ts'
import { readRunLengths } from './run-lengths.ts'

/** Headers are usually shorter; those with long statistics are not. */
const HEADER_BYTES = 1024
const MAX_HEADER_BYTES = 1 << 20
/** Larger pages and pages with more values are regarded as corrupt. */
const MAX_PAGE_BYTES = 512 * 1024 * 1024
const MAX_PAGE_VALUES = 1 << 26

export type Decompress = (bytes: Buffer, size: number) => Promise<Buffer>

/** The content of a data page. Levels are null where the schema allows only one. */
export interface DataPage {
  readonly count: number
  readonly repetition: Uint8Array | null
  readonly definition: Uint8Array | null
  readonly values: readonly unknown[]
}

/** Reads the pages of a column one after the other. */
export class PageReader {
  readonly #leaf: Leaf
  readonly #bytes: ChunkBytes
  readonly #decoder: PageDecoder
  readonly #decompress: Decompress

  constructor(leaf: Leaf, bytes: ChunkBytes, decoder: PageDecoder, decompress: Decompress) {
    this.#leaf = leaf
    this.#bytes = bytes
    this.#decoder = decoder
    this.#decompress = decompress
  }

  /** Resolves to the next data page; undefined at the end of the column. */
  async next(): Promise<DataPage | undefined> {
    while (this.#bytes.left > 0) {
      const header = await this.#header()
      const body = await this.#bytes.take(header.compressed_page_size)
      if (header.type === 'DATA_PAGE') return this.#first(header, body)
      if (header.type === 'DATA_PAGE_V2') return this.#second(header, body)
      if (header.type === 'DICTIONARY_PAGE') {
        const count = checkedCount(header.dictionary_page_header?.num_values)
        this.#decoder.readDictionary(await this.#decompress(body, header.uncompressed_page_size), count)
      }
    }
    return undefined
  }

  async #header(): Promise<PageHeader> {
    for (let size = HEADER_BYTES; ; size *= 8) {
      const bytes = await this.#bytes.peek(size)
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 }
      try {
        const header = parquetHeader(reader)
        const { uncompressed_page_size: plain, compressed_page_size: packed } = header
        if (!(plain >= 0 && plain <= MAX_PAGE_BYTES && packed >= 0))
          throw corrupt(`a page has ${plain} bytes`)
        this.#bytes.skip(reader.offset)
        return header
      } catch (cause) {
        if (size < MAX_HEADER_BYTES && bytes.length < this.#bytes.left) continue
        throw corrupt(`the header of a page cannot be read: ${messageOf(cause)}`, cause)
      }
    }
  }

  async #first(
    { data_page_header: about, uncompressed_page_size: size }: PageHeader,
    body: Buffer,
  ): Promise<DataPage> {
    const count = checkedCount(about?.num_values)
    const bytes = await this.#decompress(body, size)
    const { maxRepetition, maxDefinition } = this.#leaf
    let rest = bytes
    const levels = (highest: number, encoding: string | undefined): Uint8Array | null => {
      if (highest === 0) return null
      if (encoding !== 'RLE') throw corrupt(`levels with the encoding ${String(encoding)} are not supported`)
      const end = rest.length < 4 ? Infinity : 4 + rest.readUInt32LE(0)
      if (end > rest.length) throw corrupt('the levels of a page end early')
      const decoded = readLevels(rest.subarray(4, end), highest, count)
      rest = rest.subarray(end)
      return decoded
    }
    const repetition = levels(maxRepetition, about?.repetition_level_encoding)
    const definition = levels(maxDefinition, about?.definition_level_encoding)
    const present = countPresent(definition, maxDefinition, count)
    return { count, repetition, definition, values: this.#decoder.read(about?.encoding, rest, present) }
  }

  async #second(
    { data_page_header_v2: about, uncompressed_page_size: size }: PageHeader,
    body: Buffer,
  ): Promise<DataPage> {
    const count = checkedCount(about?.num_values)
    const repetitionEnd = about?.repetition_levels_byte_length ?? 0
    const end = repetitionEnd + (about?.definition_levels_byte_length ?? 0)
    if (!(repetitionEnd >= 0 && end >= repetitionEnd && end <= body.length && end <= size)) {
      throw corrupt('the levels of a page end early')
    }
    const { maxRepetition, maxDefinition } = this.#leaf
    const repetition =
      maxRepetition === 0 ? null : readLevels(body.subarray(0, repetitionEnd), maxRepetition, count)
    const definition =
      maxDefinition === 0 ? null : readLevels(body.subarray(repetitionEnd, end), maxDefinition, count)
    const packed = body.subarray(end)
    const isPacked = about?.is_compressed !== false && size > end
    const bytes = isPacked ? await this.#decompress(packed, size - end) : packed
    const present = countPresent(definition, maxDefinition, count)
    return { count, repetition, definition, values: this.#decoder.read(about?.encoding, bytes, present) }
  }
}

function readLevels(bytes: Buffer, highest: number, count: number): Uint8Array {
  return readRunLengths(bytes, 32 - Math.clz32(highest), new Uint8Array(count))
}

function countPresent(definition: Uint8Array | null, highest: number, count: number): number {
  if (definition === null) return count
  let present = 0
  for (const level of definition) if (level === highest) present++
  return present
}

function checkedCount(count: number | undefined): number {
  if (count !== undefined && count >= 0 && count <= MAX_PAGE_VALUES) return count
  throw corrupt(`a page has ${String(count)} values`)
}
