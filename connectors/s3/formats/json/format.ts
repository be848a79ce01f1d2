import type { ObjectFormat } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import { RowEncoder, type WriteRow } from '../lines/index.ts'
import { JsonRows, type DecimalFormat } from './json-rows.ts'

/**
 * One JSON value per line, as Confluent's sink writes it.
 *
 * Source: JsonFormat and JsonRecordWriterProvider. Differs: lines end with a line feed on every platform.
 */
export function jsonFormat(decimals: DecimalFormat, compression: Compression): ObjectFormat {
  const rows = new JsonRows(decimals)
  const writeRow: WriteRow = (blocks, value, schema) => blocks.addText(`${rows.of(schema)(value)}\n`)
  return {
    extension: `.json${compression.extension}`,
    contentType: 'application/json',
    contentEncoding: null,
    open: (_schema, output) => new RowEncoder(compression.compressor(output), writeRow),
  }
}
