import { ConnectError, makeSchema, type Schema, describe, type SinkRecord } from '../../../api/index.ts'
import type { EncoderOf } from './encoders.ts'
import type { TimestampOptions } from './options.ts'

const TIMESTAMP = '@timestamp'

/**
 * Returns the function that writes the documents of data streams, with a field `@timestamp`. One from `fields` or from the
 * record replaces a field of that name. If the value has none of the `fields`, nothing is added.
 *
 * The function throws `HR_DATA_INVALID` for a value that is not an object. Source: DataConverter.maybeAddTimestamp, and
 * DocumentPayload of Aiven's connector. Differs: a null counts as missing; a record without a timestamp is refused here
 * instead of by the server.
 */
export function timestampedDocuments(
  options: TimestampOptions,
  encoderOf: EncoderOf,
): (record: SinkRecord) => string {
  const textOf = timestampOf(options, encoderOf)
  return (record) => {
    const { topic, value, valueSchema } = record
    const json = encoderOf(topic, valueSchema)(value)
    if (!json.startsWith('{')) throw invalid('A document of a data stream must be an object')
    const text = textOf(record)
    if (text === undefined) return json
    const rest = hasOwn(value, valueSchema, TIMESTAMP) ? withoutTimestamp(record, encoderOf) : json
    return `${rest.slice(0, -1)}${rest === '{}' ? '' : ','}"${TIMESTAMP}":${text}}`
  }
}

/** Returns the function that finds the JSON of the timestamp to add; undefined for none. */
function timestampOf(
  options: TimestampOptions,
  encoderOf: EncoderOf,
): (record: SinkRecord) => string | undefined {
  switch (options.from) {
    case 'value':
      return () => undefined
    case 'value or record':
      return (record) =>
        firstField([TIMESTAMP], record, encoderOf) === undefined ? recordTimestamp(record) : undefined
    case 'fields': {
      const { fields } = options
      return fields.length === 0 ? recordTimestamp : (record) => firstField(fields, record, encoderOf)
    }
  }
}

function recordTimestamp({ timestamp }: SinkRecord): string {
  if (timestamp !== null) return String(timestamp)
  throw invalid(`The record has no timestamp for the field ${TIMESTAMP} of the data stream`)
}

function firstField(fields: readonly string[], record: SinkRecord, encoderOf: EncoderOf): string | undefined {
  const { topic, value, valueSchema } = record
  for (const name of fields) {
    if (!hasOwn(value, valueSchema, name)) continue
    const schema = valueSchema?.field(name)?.schema ?? valueSchema?.valueSchema ?? null
    const json = encoderOf(topic, schema)(memberOf(value, name))
    if (json !== 'null') return asText(json)
  }
  return undefined
}

/** Source: JsonNode.asText. */
function asText(json: string): string {
  if (json.startsWith('"')) return json
  return json.startsWith('{') || json.startsWith('[') ? '""' : `"${json}"`
}

function hasOwn(value: unknown, schema: Schema | null, name: string): boolean {
  if (value instanceof Map) return value.has(name)
  return schema?.type === 'struct' ? schema.field(name) !== undefined : Object.hasOwn(value as object, name)
}

function memberOf(value: unknown, name: string): unknown {
  if (value instanceof Map) return (value as ReadonlyMap<unknown, unknown>).get(name)
  return Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined
}

function withoutTimestamp({ topic, value, valueSchema }: SinkRecord, encoderOf: EncoderOf): string {
  if (value instanceof Map) {
    const rest = new Map(value as ReadonlyMap<unknown, unknown>)
    rest.delete(TIMESTAMP)
    return encoderOf(topic, valueSchema)(rest)
  }
  if (valueSchema?.type === 'struct') return encoderOf(topic, narrowed(valueSchema))(value)
  const { [TIMESTAMP]: _, ...rest } = value as Record<string, unknown>
  return encoderOf(topic, valueSchema)(rest)
}

const known = new WeakMap<Schema, Schema>()

/** The schema without the field `@timestamp`. */
function narrowed(schema: Schema): Schema {
  let narrow = known.get(schema)
  if (narrow === undefined) {
    const fields = schema.fields.filter(({ name }) => name !== TIMESTAMP)
    const pairs = fields.map((field) => [field.name, field.schema] as const)
    narrow = makeSchema({ ...describe(schema), fields: pairs, defaultValue: null })
    known.set(schema, narrow)
  }
  return narrow
}

const invalid = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)
