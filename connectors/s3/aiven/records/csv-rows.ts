import { ConnectError, type Schema, type SinkRecord } from '../../../../api/index.ts'
import { javaClassOf } from '../../../../java/index.ts'
import type { ObjectFormat } from '../../ports.ts'
import { RowEncoder, type BlockWriter, type Compression, type WriteRow } from '../../formats/index.ts'
import type { OutputField, OutputSettings } from './field.ts'

type Cell = string | Uint8Array

/**
 * Whole records as lines of cells that are separated by commas, without a line feed after the last one. Keys and, unless
 * they are written as they are, values are in base64. Values are SinkRecords.
 *
 * Source: PlainOutputWriter and its writers. Differs: a null key or value needs no schema.
 */
export function recordCsvFormat(
  { fields }: OutputSettings,
  encoding: 'base64' | 'none',
  compression: Compression,
): ObjectFormat {
  const cells = fields.map((field) => (field === 'value' ? values[encoding] : others[field]))
  return {
    extension: compression.extension,
    contentType: 'text/csv',
    contentEncoding: null,
    open(_schema, output) {
      let before = ''
      const writeRow: WriteRow = (blocks, value) => {
        const row = cells.map((cell) => cell(value as SinkRecord)) // all of them before the first is added
        blocks.addText(before)
        for (const [index, cell] of row.entries()) addCell(blocks, index, cell)
        before = '\n'
      }
      return new RowEncoder(compression.compressor(output), writeRow)
    },
  }
}

function addCell(blocks: BlockWriter, index: number, cell: Cell): void {
  if (index > 0) blocks.addText(',')
  if (typeof cell === 'string') blocks.addText(cell)
  else blocks.addBytes(cell)
}

const values: Readonly<Record<'base64' | 'none', (record: SinkRecord) => Cell>> = {
  base64: ({ value, valueSchema }) => base64(valueBytes(value, valueSchema)),
  none: ({ value, valueSchema }) => valueBytes(value, valueSchema),
}

const others: Readonly<Record<Exclude<OutputField, 'value'>, (record: SinkRecord) => Cell>> = {
  key({ key, keySchema }) {
    if (key === null) return ''
    if (typeof key === 'string') return base64(Buffer.from(key))
    if (key instanceof Uint8Array) return base64(key)
    throw invalid(
      `Record key schema type must be BYTES or STRING, ${typeName(keySchema, key)} given; use ByteArrayConverter or StringConverter as key.converter`,
    )
  },
  offset: ({ offset }) => String(offset),
  timestamp: ({ timestamp }) => (timestamp === null ? '' : String(timestamp)),
  headers: ({ headers }) =>
    headers
      .map(({ key, value }) => `${base64(Buffer.from(key))}:${base64(headerBytes(key, value))};`)
      .join(''),
}

const NOTHING = new Uint8Array()

function valueBytes(value: unknown, schema: Schema | null): Uint8Array {
  if (value === null) return NOTHING
  if (value instanceof Uint8Array) return value
  throw invalid(
    `Record value schema type must be BYTES, ${typeName(schema, value)} given; use ByteArrayConverter as value.converter, or another format.output.type`,
  )
}

function headerBytes(key: string, value: unknown): Uint8Array {
  if (value === null) return NOTHING
  if (value instanceof Uint8Array) return value
  throw invalid(
    `Header ${key} must be bytes, found ${javaClassOf(value)}; use ByteArrayConverter as header.converter`,
  )
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

const typeName = (schema: Schema | null, value: unknown): string =>
  schema === null ? javaClassOf(value) : schema.type.toUpperCase()

const invalid = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)
