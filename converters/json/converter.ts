import {
  ConnectError,
  isJsonValue,
  type Converter,
  type ConverterInstance,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { JsonEncoderCache, parseJson } from '../../java/index.ts'
import { converterCatalog } from '../catalog.ts'
import { asciiView, ByteViews, plainText } from './bytes.ts'
import { jsonConverterConfig, type JsonConverterConfig } from './config.ts'
import { DecoderCache } from './decode.ts'
import { hasDecimal, withDigits } from './digits.ts'
import { EnvelopeReader } from './envelope.ts'
import { PredictingReader } from './predicted.ts'
import { isBlank, parseMessageText, textOf } from './message.ts'
import { readSchema, schemaJson } from './schema-json.ts'
import { notAsWritten, writtenReader } from './written.ts'

const nothing: SchemaAndValue = Object.freeze({ schema: null, value: null })

/**
 * Converts values to and from JSON, with or without a schema in each message.
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
  const encoders = new JsonEncoderCache({ decimals, replaceNullWithDefault })
  const decoders = new DecoderCache(replaceNullWithDefault)
  const fromConnect = config['schemas.enable'] ? envelopeWriter(encoders) : plainWriter(encoders)
  const read = reader(config, decoders)
  return {
    fromConnect,
    json: { writerOf: (schema) => encoders.of(schema) },
    toConnect: (_topic, bytes) => (bytes === null ? nothing : read(bytes, 0, bytes.length)),
    toConnectRange: (_topic, bytes, start, end) => read(bytes, start, end),
  }
}

function plainWriter(encoders: JsonEncoderCache): ConverterInstance['fromConnect'] {
  return (_topic, schema, value) => {
    if (isJsonValue(value)) return value.text
    return schema === null && value === null ? null : encoders.of(schema)(value)
  }
}

/** Caches the encoder of the whole message for each schema. */
function envelopeWriter(encoders: JsonEncoderCache): ConverterInstance['fromConnect'] {
  const encoderOf = perSchema((schema) => encoders.between(head(schema, encoders), schema, '}'))
  const headOf = perSchema((schema) => head(schema, encoders))
  return (_topic, schema, value) => {
    if (schema === null)
      return value === null ? null : `{"schema":null,"payload":${encoders.of(null)(value)}}`
    if (isJsonValue(value)) return `${headOf(schema)}${value.text}}`
    return encoderOf(schema)(value)
  }
}

const head = (schema: Schema, encoders: JsonEncoderCache): string =>
  `{"schema":${schemaJson(schema, encoders)},"payload":`

/** Caches what belongs to a schema. Consecutive records mostly have the same one. */
function perSchema<T>(create: (schema: Schema) => T): (schema: Schema) => T {
  const known = new WeakMap<Schema, T>()
  let lastSchema: Schema | undefined
  let last: T | undefined
  return (schema) => {
    if (schema === lastSchema && last !== undefined) return last
    let found = known.get(schema)
    if (found === undefined) known.set(schema, (found = create(schema)))
    lastSchema = schema
    last = found
    return found
  }
}

/** Decodes the message from `start` to `end`. */
type ReadMessage = (bytes: Buffer, start: number, end: number) => SchemaAndValue

function reader(config: JsonConverterConfig, decoders: DecoderCache): ReadMessage {
  const content = config['schema.content']
  const schema = content === null || content === '' ? null : readSchema(parseContent(content), decoders)
  if (!config['schemas.enable']) {
    return plainReader()
  }
  if (schema !== null) return contentReader(schema, decoders)
  const envelopes = new EnvelopeReader(decoders, Math.max(1, config['schemas.cache.size']))
  return (bytes, start, end) => envelopes.read(bytes, start, end)
}

/** Decodes messages without schemas. Most have the same fields as the previous message. */
function plainReader(): ReadMessage {
  const views = new ByteViews()
  const predicting = new PredictingReader()
  return (bytes, start, end) => {
    if (start === end) return nothing
    const view = views.of(bytes)
    const plain = plainText(bytes, view, start, end)
    const predicted = plain === undefined ? notAsWritten : predicting.read(plain, view, start, end)
    if (predicted !== notAsWritten) return { schema: null, value: predicted }
    const text = textOf(plain, bytes, start, end)
    if (isBlank(text)) return nothing
    const value = parseMessageText(text)
    predicting.learn(value)
    return { schema: null, value }
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

/** An empty message. It is not null, but decodes to 0, false or an empty list. Source: Jackson's MissingNode. */
const NO_VALUE = Symbol('no value')

/** Decodes plain JSON messages that all have the configured schema. */
function contentReader(schema: Schema, decoders: DecoderCache): ReadMessage {
  const readWritten = writtenReader(schema, decoders)
  const views = new ByteViews()
  const decode = decoders.of(schema)
  const exact = hasDecimal(schema)
  return (bytes, start, end) => {
    const view = views.of(bytes)
    const plain = readWritten === undefined ? undefined : plainText(bytes, view, start, end)
    const written =
      plain === undefined
        ? notAsWritten
        : readWritten?.(plain, plain.length, asciiView(plain, view, start, end), start)
    if (written !== notAsWritten) return { schema, value: written }
    const text = textOf(plain, bytes, start, end)
    if (isBlank(text)) return { schema, value: decode(NO_VALUE) }
    const value = withDigits(exact, (decimals) =>
      decode(parseMessageText(text, { decimals, longIntegers: 'exact' })),
    )
    return { schema, value }
  }
}
