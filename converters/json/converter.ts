import {
  ConnectError,
  logicalNames,
  parseJson,
  type Converter,
  type ConverterInstance,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { converterCatalog } from '../catalog.ts'
import { jsonConverterConfig, type JsonConverterConfig } from './config.ts'
import { DecoderCache } from './decode.ts'
import { EncoderCache } from './encode.ts'
import { withDigits } from './digits.ts'
import { EnvelopeReader } from './envelope.ts'
import { messageText, parseMessage, parseMessageText } from './message.ts'
import { readSchema, schemaJson } from './schema-json.ts'

const nothing: SchemaAndValue = Object.freeze({ schema: null, value: null })

/**
 * JSON, with the schema beside each value or without.
 *
 * Source: org.apache.kafka.connect.json.JsonConverter.
 */
export const jsonConverter: Converter<typeof jsonConverterConfig> = {
  ...converterCatalog.json,
  config: jsonConverterConfig,
  create(config) {
    const converter = createJsonConverter(config)
    return {
      ...converter,
      fromConnectHeader: (topic, _key, schema, value) => converter.fromConnect(topic, schema, value),
      toConnectHeader: (topic, _key, bytes) => converter.toConnect(topic, bytes),
    }
  },
}

function createJsonConverter(config: JsonConverterConfig): ConverterInstance {
  const replaceNullWithDefault = config['replace.null.with.default']
  const decimals = config['decimal.format'].toUpperCase() === 'NUMERIC' ? 'numeric' : 'base64'
  const encoders = new EncoderCache({ decimals, replaceNullWithDefault })
  const decoders = new DecoderCache(replaceNullWithDefault)
  const fromConnect = config['schemas.enable'] ? envelopeWriter(encoders) : plainWriter(encoders)
  return { fromConnect, toConnect: reader(config, decoders) }
}

function plainWriter(encoders: EncoderCache): ConverterInstance['fromConnect'] {
  return (_topic, schema, value) => (schema === null && value === null ? null : encoders.of(schema)(value))
}

/** The text up to the payload is made once a schema. */
function envelopeWriter(encoders: EncoderCache): ConverterInstance['fromConnect'] {
  const heads = new WeakMap<Schema, string>()
  const headOf = (schema: Schema): string => {
    let head = heads.get(schema)
    if (head === undefined) heads.set(schema, (head = `{"schema":${schemaJson(schema, encoders)},"payload":`))
    return head
  }
  return (_topic, schema, value) => {
    if (schema === null)
      return value === null ? null : `{"schema":null,"payload":${encoders.of(null)(value)}}`
    return `${headOf(schema)}${encoders.of(schema)(value)}}`
  }
}

function reader(config: JsonConverterConfig, decoders: DecoderCache): ConverterInstance['toConnect'] {
  const content = config['schema.content']
  const schema = content === null || content === '' ? null : readSchema(parseContent(content), decoders)
  if (!config['schemas.enable']) {
    return (_topic, bytes) => {
      if (bytes === null) return nothing
      return bytes.length === 0 ? nothing : { schema: null, value: parseMessage(bytes) }
    }
  }
  if (schema !== null) return contentReader(schema, decoders)
  const envelopes = new EnvelopeReader(decoders, Math.max(1, config['schemas.cache.size']))
  return (_topic, bytes) => {
    if (bytes === null) return nothing
    const { schema: own, payload } = envelopes.open(bytes)
    const value = withDigits(hasDecimal(own), (decimals) => decoders.of(own)(payload(decimals)))
    return { schema: own, value }
  }
}

function parseContent(content: string): unknown {
  try {
    return parseJson(content, { decimals: 'exact', longIntegers: 'exact' })
  } catch (cause) {
    const message = 'Failed to parse schema in converter config due to serialization error: '
    throw new ConnectError('HR_DATA_INVALID', message, { cause })
  }
}

/** A message without JSON: no null, so that it is 0, false or an empty list. Source: Jackson's MissingNode. */
const NO_VALUE = Symbol('no value')

/** All messages are plain JSON of one schema, which the configuration gives. */
function contentReader(schema: Schema, decoders: DecoderCache): ConverterInstance['toConnect'] {
  const decode = decoders.of(schema)
  const exact = hasDecimal(schema)
  return (_topic, bytes) => {
    if (bytes === null) return nothing
    const text = messageText(bytes)
    if (text.trim() === '') return { schema, value: decode(NO_VALUE) }
    const value = withDigits(exact, (decimals) =>
      decode(parseMessageText(text, { decimals, longIntegers: 'exact' })),
    )
    return { schema, value }
  }
}

const withDecimals = new WeakMap<Schema, boolean>()

/** Whether values of the schema may be decimals, which a double does not hold. */
function hasDecimal(schema: Schema | null): boolean {
  if (schema === null) return false
  let known = withDecimals.get(schema)
  if (known === undefined) {
    const parts = [schema.keySchema, schema.valueSchema, ...schema.fields.map((field) => field.schema)]
    known = schema.name === logicalNames.decimal || parts.some(hasDecimal)
    withDecimals.set(schema, known)
  }
  return known
}
