import { ConnectError, type Schema } from '../../../../api/index.ts'
import { javaClassOf } from '../../../../java/index.ts'
import type { ObjectFormat } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import { RowEncoder, type WriteRow } from '../lines/index.ts'

/** Settings of {@link byteArrayFormat}. */
export interface ByteArraySettings {
  /** Start of the extension of objects, such as `.bin`. */
  readonly extension: string
  /** Written after each value. Backslash escapes have been replaced. */
  readonly separator: string
}

/**
 * The bytes of each value, followed by a separator.
 *
 * Source: ByteArrayFormat and ByteArrayConverter. Differs: null is refused; the Java class fails without a message.
 */
export function byteArrayFormat(settings: ByteArraySettings, compression: Compression): ObjectFormat {
  const { extension, separator } = settings
  const writeRow: WriteRow = (blocks, value, schema) => {
    blocks.addBytes(bytesOf(value, schema))
    if (separator !== '') blocks.addText(separator)
  }
  return {
    extension: `${extension}${compression.extension}`,
    contentType: 'application/octet-stream',
    contentEncoding: null,
    open: (_schema, output) => new RowEncoder(compression.compressor(output), writeRow),
  }
}

function bytesOf(value: unknown, schema: Schema | null): Uint8Array {
  if (schema !== null && schema.type !== 'bytes') {
    throw invalid(
      `Invalid schema type for the byte array format: ${schema.type.toUpperCase()}, expected BYTES`,
    )
  }
  if (value instanceof Uint8Array) return value
  throw invalid(`The byte array format needs bytes, but the value is of class ${javaClassOf(value)}`)
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
