import { ConnectError } from '../../../../api/index.ts'
import { javaClassOf } from '../../../../java/index.ts'
import type { ObjectFormat } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import { RowEncoder, type WriteRow } from '../lines/index.ts'

/**
 * One line of text per value, which must be a string. A line feed in a string is written as it is.
 *
 * Source: StringFormat of Confluent's other storage sinks.
 */
export function textFormat(compression: Compression): ObjectFormat {
  return {
    extension: `.txt${compression.extension}`,
    contentType: 'text/plain; charset=utf-8',
    contentEncoding: null,
    open: (_schema, output) => new RowEncoder(compression.compressor(output), writeRow),
  }
}

const writeRow: WriteRow = (blocks, value) => blocks.addText(`${textOf(value)}\n`)

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const message = `The text format needs strings, but the value is of class ${javaClassOf(value)}`
  throw new ConnectError('HR_DATA_INVALID', message)
}
