import {
  ConnectError,
  OPTIONAL_BOOLEAN,
  type Converter,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { javaClassOf } from '../../java/index.ts'
import { converterCatalog } from '../catalog.ts'
import { converterTypeConfig } from './converter-type.ts'

const nothing: SchemaAndValue = Object.freeze({ schema: OPTIONAL_BOOLEAN, value: null })

/** Serializes true as the byte 1 and false as the byte 0. Source: BooleanConverter (KIP-959). */
export const booleanConverter: Converter<typeof converterTypeConfig> = {
  ...converterCatalog.boolean,
  config: converterTypeConfig,
  create: () => ({
    fromConnect: (_topic, schema, value) => write(schema, value),
    toConnect: (_topic, bytes) => read(bytes),
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: (_topic, _key, bytes) => read(bytes),
  }),
}

function write(schema: Schema | null, value: unknown): Buffer | null {
  if (schema !== null && schema.type !== 'boolean') {
    throw invalid(`Invalid schema type for BooleanConverter: ${schema.type.toUpperCase()}`)
  }
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return Buffer.from([value ? 1 : 0])
  throw invalid(`BooleanConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`)
}

function read(bytes: Buffer | null): SchemaAndValue {
  if (bytes === null) return nothing
  const [byte] = bytes
  if (bytes.length === 1 && (byte === 0 || byte === 1)) return { schema: OPTIONAL_BOOLEAN, value: byte === 1 }
  throw invalid('Failed to deserialize boolean: ')
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
