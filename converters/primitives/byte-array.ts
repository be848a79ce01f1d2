import { ConnectError, OPTIONAL_BYTES, type Converter, type Schema } from '../../api/index.ts'
import { javaClassOf } from '../../java/index.ts'
import { converterCatalog } from '../catalog.ts'
import { converterTypeConfig } from './converter-type.ts'

const nothing = Object.freeze({ schema: OPTIONAL_BYTES, value: null })

/** Passes bytes through unchanged. Source: org.apache.kafka.connect.converters.ByteArrayConverter. */
export const byteArrayConverter: Converter<typeof converterTypeConfig> = {
  ...converterCatalog.byteArray,
  config: converterTypeConfig,
  create: () => ({
    fromConnect: (_topic, schema, value) => bytesOf(schema, value),
    toConnect: (_topic, bytes) => asValue(bytes),
    fromConnectHeader: (_topic, _key, schema, value) => bytesOf(schema, value),
    toConnectHeader: (_topic, _key, bytes) => asValue(bytes),
  }),
}

function asValue(bytes: Buffer | null) {
  return bytes === null ? nothing : { schema: OPTIONAL_BYTES, value: bytes }
}

function bytesOf(schema: Schema | null, value: unknown): Buffer | null {
  if (schema !== null && schema.type !== 'bytes') {
    throw invalid(`Invalid schema type for ByteArrayConverter: ${schema.type.toUpperCase()}`)
  }
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  throw invalid(
    `ByteArrayConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
  )
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
