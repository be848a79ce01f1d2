import { ConnectError, isDecimal, logicalNames, type Schema, type SchemaType } from '../../../api/index.ts'
import { jsonDouble, jsonFloat, jsonString } from '../../../java/index.ts'

/**
 * Infers the mapping of an index from the schema of its documents, as JSON. Defaults become `null_value`.
 *
 * Throws `HR_DATA_INVALID` without a schema. Source: Mapping.buildMapping. Differs: a default of NaN or an infinity, which
 * Elasticsearch refuses, is left out.
 */
export function inferMapping(schema: Schema | null): string {
  return `{${contentOf(schema)}}`
}

/** Returns the properties of a mapping, without the braces around them. */
function contentOf(schema: Schema | null): string {
  if (schema === null)
    throw new ConnectError('HR_DATA_INVALID', 'A mapping cannot be inferred without a schema')
  return logicalContent(schema) ?? typeContent(schema)
}

function logicalContent({ name, defaultValue }: Schema): string | undefined {
  switch (name) {
    case logicalNames.date:
    case logicalNames.time:
    case logicalNames.timestamp:
      return typed('date', defaultValue instanceof Date ? String(defaultValue.getTime()) : undefined)
    case logicalNames.decimal:
      return typed('double', isDecimal(defaultValue) ? jsonDouble(defaultValue.toNumber()) : undefined)
    default:
      return undefined
  }
}

function typeContent(schema: Schema): string {
  switch (schema.type) {
    case 'array':
      return contentOf(schema.valueSchema)
    case 'map':
      return `"properties":{"key":{${contentOf(schema.keySchema)}},"value":{${contentOf(schema.valueSchema)}}}`
    case 'struct':
      return `"properties":{${schema.fields.map(({ name, schema: of }) => `${jsonString(name)}:{${contentOf(of)}}`).join()}}`
    case 'string':
      return `${typed('text')},"fields":{"keyword":{${typed('keyword')},"ignore_above":256}}`
    case 'bytes':
      return typed('binary')
    default:
      return typed(elasticsearchTypes[schema.type], nullValue(schema))
  }
}

const elasticsearchTypes: Readonly<
  Record<Exclude<SchemaType, 'array' | 'map' | 'struct' | 'string' | 'bytes'>, string>
> = {
  boolean: 'boolean',
  int8: 'byte',
  int16: 'short',
  int32: 'integer',
  int64: 'long',
  float32: 'float',
  float64: 'double',
}

function nullValue({ type, defaultValue }: Schema): string | undefined {
  switch (typeof defaultValue) {
    case 'number':
      if (!Number.isFinite(defaultValue)) return undefined
      if (type === 'float64') return jsonDouble(defaultValue)
      return type === 'float32' ? jsonFloat(defaultValue) : String(defaultValue)
    case 'bigint':
    case 'boolean':
      return String(defaultValue)
    default:
      return undefined
  }
}

const typed = (type: string, nullText?: string): string =>
  nullText === undefined ? `"type":"${type}"` : `"type":"${type}","null_value":${nullText}`
