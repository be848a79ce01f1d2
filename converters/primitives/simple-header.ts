import {
  BYTES,
  ConnectError,
  defineConfig,
  type Converter,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { NoMoreTokens, parseValueText, valueText } from '../../java/index.ts'
import { converterCatalog } from '../catalog.ts'
import { utf8Text } from './text-codecs.ts'

const nothing: SchemaAndValue = Object.freeze({ schema: null, value: null })

/**
 * Serializes header values as strings, and infers the type when reading: `5` is a number, `[1,2]` a list.
 *
 * Source: org.apache.kafka.connect.storage.SimpleHeaderConverter.
 */
export const simpleHeaderConverter: Converter = {
  ...converterCatalog.simpleHeader,
  config: defineConfig({}),
  create: () => ({
    fromConnect: (_topic, schema, value) => write(schema, value),
    toConnect: (topic, bytes) => read(topic, '', bytes),
    fromConnectHeader: (_topic, _key, schema, value) => write(schema, value),
    toConnectHeader: read,
  }),
}

function write(schema: Schema | null, value: unknown): string | null {
  return value === null || value === undefined ? null : valueText(value, schema)
}

function read(topic: string, key: string, bytes: Buffer | null): SchemaAndValue {
  if (bytes === null) return nothing
  try {
    return parseValueText(utf8Text(bytes))
  } catch (cause) {
    if (!(cause instanceof NoMoreTokens)) return { schema: BYTES, value: Buffer.from(bytes) }
    const message = `Failed to deserialize value for header '${key}' on topic '${topic}'`
    throw new ConnectError('HR_DATA_INVALID', message, { cause })
  }
}
