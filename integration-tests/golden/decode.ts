import {
  BoxedInteger,
  Decimal,
  Float32,
  Float64,
  int64,
  makeSchema,
  noHeaders,
  schemalessFloat,
  type ConnectRecord,
  type Schema,
  type SchemaAndValue,
  type SchemaInit,
  type SchemaType,
  type SinkRecord,
} from '../../api/index.ts'
import type { RecordedPair, RecordedRecord, RecordedSchema, TypedValue } from './format.ts'

/** Returns the schema for a recorded one, without validation: recordings contain schemas that no builder creates. */
export function decodeSchema(recorded: RecordedSchema | null | undefined): Schema | null {
  if (recorded === null || recorded === undefined) return null
  const init: SchemaInit = {
    type: recorded.type as SchemaType,
    optional: recorded.optional,
    name: recorded.name ?? null,
    version: recorded.version ?? null,
    doc: recorded.doc ?? null,
    parameters: recorded.parameters ?? null,
    keySchema: decodeSchema(recorded.keys),
    valueSchema: decodeSchema(recorded.items ?? recorded.values),
    fields: (recorded.fields ?? []).map(
      ({ name, schema }) => [name, decodeSchema(schema) as Schema] as const,
    ),
  }
  const bare = makeSchema(init)
  const { default: defaultValue = null } = recorded
  return defaultValue === null ? bare : makeSchema({ ...init, defaultValue: decodeValue(defaultValue, bare) })
}

/** A value that our data model cannot represent: a Java object of an unknown class, or a struct without a schema. */
const foreign = (what: string): symbol => Symbol(what)

/** Returns the value for a recorded one with the given schema. */
export function decodeValue(typed: TypedValue, schema: Schema | null): unknown {
  if (typed === null) return null
  const [tag = '', content] = Object.entries(typed)[0] ?? []
  switch (tag) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return decodeInteger(tag, BigInt(content as string | number), schema)
    case 'float32':
      return schema?.type === tag ? Math.fround(Number(content)) : new Float32(Number(content))
    case 'float64':
      if (schema?.type === tag) return Number(content)
      return schema === null ? schemalessFloat(Number(content)) : new Float64(Number(content))
    case 'boolean':
    case 'string':
      return content
    case 'bytes':
    case 'bytebuffer':
      return Buffer.from(content as string, 'base64')
    case 'decimal': {
      const { unscaled, scale } = content as { unscaled: string; scale: number }
      return new Decimal(BigInt(unscaled), scale)
    }
    case 'biginteger':
      return new BoxedInteger('biginteger', BigInt(content as string))
    case 'date':
      return new Date(Number(content))
    case 'array':
      return (content as TypedValue[]).map((item) => decodeValue(item, schema?.valueSchema ?? null))
    case 'map':
      return decodeMap(content as [TypedValue, TypedValue][], schema)
    case 'struct':
      if ('schema' in typed && schema === null) return foreign('org.apache.kafka.connect.data.Struct')
      return decodeStruct(content as [string, TypedValue][], structSchema(typed, schema))
    default:
      return foreign(String(content))
  }
}

/** Returns a number if its type is that of the schema, or a plain Long. Otherwise it includes its type. */
function decodeInteger(
  tag: 'int8' | 'int16' | 'int32' | 'int64',
  value: bigint,
  schema: Schema | null,
): unknown {
  const plain = schema === null ? tag === 'int64' : schema.type === tag
  return plain ? int64(value) : new BoxedInteger(tag, int64(value))
}

function decodeMap(entries: readonly [TypedValue, TypedValue][], schema: Schema | null): unknown {
  const pairs = entries.map(
    ([key, value]) =>
      [decodeValue(key, schema?.keySchema ?? null), decodeValue(value, schema?.valueSchema ?? null)] as const,
  )
  if (schema !== null || pairs.some(([key]) => typeof key !== 'string')) return new Map(pairs)
  return Object.fromEntries(pairs as [string, unknown][])
}

function structSchema(typed: Readonly<Record<string, unknown>>, schema: Schema | null): Schema | null {
  return 'schema' in typed ? decodeSchema(typed['schema'] as RecordedSchema) : schema
}

function decodeStruct(fields: readonly [string, TypedValue][], schema: Schema | null): unknown {
  const entries = fields.map(([name, value]) => [
    name,
    decodeValue(value, schema?.field(name)?.schema ?? null),
  ])
  return Object.fromEntries(entries)
}

export function decodePair(recorded: RecordedPair | undefined): SchemaAndValue {
  const schema = decodeSchema(recorded?.schema)
  return { schema, value: decodeValue(recorded?.value ?? null, schema) }
}

const timestampTypes: Readonly<Record<string, SinkRecord['timestampType']>> = {
  NO_TIMESTAMP_TYPE: 'NoTimestampType',
  CREATE_TIME: 'CreateTime',
  LOG_APPEND_TIME: 'LogAppendTime',
}

const offsetOf = (text: string | undefined) => (text === undefined ? null : int64(BigInt(text)))

/** Returns the record for a recorded one, whose topic may be null, unlike in our types. */
export function decodeRecord(recorded: RecordedRecord): ConnectRecord {
  const key = decodePair(recorded.key)
  const value = decodePair(recorded.value)
  const common = {
    topic: recorded.topic as string,
    partition: recorded.kafkaPartition ?? null,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: recorded.timestamp === undefined ? null : Number(recorded.timestamp),
    headers: recorded.headers?.map((header) => ({ key: header.key, ...decodePair(header) })) ?? noHeaders,
  }
  if (recorded.kind === 'source') {
    const map = (typed: TypedValue | undefined) => decodeValue(typed ?? null, null)
    return Object.assign(common, {
      sourcePartition: map(recorded.sourcePartition),
      sourceOffset: map(recorded.sourceOffset),
    })
  }
  return Object.assign(common, {
    offset: offsetOf(recorded.kafkaOffset),
    timestampType: timestampTypes[recorded.timestampType ?? ''] ?? null,
    originalTopic: recorded.originalTopic ?? null,
    originalPartition: recorded.originalKafkaPartition ?? null,
    originalOffset: offsetOf(recorded.originalKafkaOffset),
  })
}
