import { ConnectError, makeSchema, type Schema, type SchemaInit, type SchemaType } from '../../api/index.ts'
import { jsonString, printJson, refuseStructDefault, type JsonEncoderCache } from '../../java/index.ts'
import { integer, isIntegral, requiredParts, type DecoderCache } from './decode.ts'

/** Types whose JSON name differs. */
const jsonNames: Readonly<Partial<Record<SchemaType, string>>> = { float32: 'float', float64: 'double' }

const typesByName: Readonly<Record<string, SchemaType>> = {
  boolean: 'boolean',
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  float: 'float32',
  double: 'float64',
  bytes: 'bytes',
  string: 'string',
  array: 'array',
  map: 'map',
  struct: 'struct',
}

/** Serializes a schema to JSON, with its properties in Kafka Connect's order. Source: JsonConverter.asJsonSchema. */
export function schemaJson(schema: Schema | null, encoders: JsonEncoderCache): string {
  return schema === null ? 'null' : `{${schemaParts(schema, encoders).join()}}`
}

function schemaParts(schema: Schema, encoders: JsonEncoderCache): string[] {
  const parts = [`"type":"${jsonNames[schema.type] ?? schema.type}"`]
  if (schema.type === 'array') parts.push(`"items":${schemaJson(schema.valueSchema, encoders)}`)
  if (schema.type === 'map') {
    parts.push(
      `"keys":${schemaJson(schema.keySchema, encoders)}`,
      `"values":${schemaJson(schema.valueSchema, encoders)}`,
    )
  }
  if (schema.type === 'struct') {
    const fields = schema.fields.map(
      (field) => `{${[...schemaParts(field.schema, encoders), `"field":${jsonString(field.name)}`].join()}}`,
    )
    parts.push(`"fields":[${fields.join()}]`)
  }
  parts.push(`"optional":${schema.optional}`)
  if (schema.name !== null) parts.push(`"name":${jsonString(schema.name)}`)
  if (schema.version !== null) parts.push(`"version":${schema.version}`)
  if (schema.doc !== null) parts.push(`"doc":${jsonString(schema.doc)}`)
  if (schema.parameters !== null) parts.push(`"parameters":${printJson(schema.parameters)}`)
  if (schema.defaultValue !== null) parts.push(`"default":${defaultJson(schema, encoders)}`)
  return parts
}

function defaultJson(schema: Schema, encoders: JsonEncoderCache): string {
  return schema.type === 'struct' ? refuseStructDefault() : encoders.of(schema)(schema.defaultValue)
}

/**
 * Converts parsed JSON to a schema. Returns null for a JSON null.
 *
 * Throws `HR_DATA_INVALID`. Source: JsonConverter.asConnectSchema.
 */
export function readSchema(node: unknown, decoders: DecoderCache): Schema | null {
  if (node === null || node === undefined) return null
  const { type: typeName, name, version, doc, parameters } = objectOf(node)
  if (typeof typeName !== 'string') throw invalid("Schema must contain 'type' field")
  const type = typesByName[typeName]
  if (type === undefined) throw invalid(`Unknown schema type: ${typeName}`)
  const init: SchemaInit = {
    ...partsOf(type, objectOf(node), decoders),
    type,
    optional: objectOf(node)['optional'] === true,
    name: typeof name === 'string' ? name : null,
    version: isIntegral(version) ? integer(version) : null,
    doc: typeof doc === 'string' ? doc : null,
    parameters: typeof parameters === 'object' && parameters !== null ? textParameters(parameters) : null,
  }
  const defaultNode = objectOf(node)['default']
  if (defaultNode === undefined) return makeSchema(init)
  const bare = makeSchema(init)
  const defaultValue = decoders.of(bare)(defaultNode)
  checkDefault(bare, defaultValue)
  return makeSchema({ ...init, defaultValue })
}

/**
 * Throws `HR_SCHEMA_INVALID` for an invalid default. Rejects every struct: in Java, its schema is never equal to the
 * schema under construction. Source: SchemaBuilder.defaultValue.
 */
function checkDefault(schema: Schema, value: unknown): void {
  try {
    if (schema.type === 'struct' && value !== null) throw invalid('A struct cannot have a default')
    requiredParts(schema, 'default value')?.(value)
  } catch (cause) {
    throw new ConnectError('HR_SCHEMA_INVALID', 'Invalid default value', { cause })
  }
}

function partsOf(
  type: SchemaType,
  node: Readonly<Record<string, unknown>>,
  decoders: DecoderCache,
): Partial<SchemaInit> {
  if (type === 'array') {
    if (node['items'] === undefined || node['items'] === null) {
      throw invalid('Array schema did not specify the element type')
    }
    return { valueSchema: readSchema(node['items'], decoders) }
  }
  if (type === 'map') {
    if (node['keys'] === undefined) throw invalid('Map schema did not specify the key type')
    if (node['values'] === undefined) throw invalid('Map schema did not specify the value type')
    const keySchema = required(readSchema(node['keys'], decoders), 'keySchema cannot be null.')
    return {
      keySchema,
      valueSchema: required(readSchema(node['values'], decoders), 'valueSchema cannot be null.'),
    }
  }
  if (type !== 'struct') return {}
  const { fields } = node
  if (!Array.isArray(fields)) throw invalid('Struct schema\'s "fields" argument is not an array.')
  return { fields: fields.map((field: unknown) => readField(field, decoders)) }
}

function readField(node: unknown, decoders: DecoderCache): readonly [string, Schema] {
  const { field } = objectOf(node)
  if (typeof field !== 'string') throw invalid("Struct schema's field name not specified properly")
  return [field, required(readSchema(node, decoders), `fieldSchema for field ${field} cannot be null.`)]
}

function required(schema: Schema | null, message: string): Schema {
  if (schema === null) throw new ConnectError('HR_SCHEMA_INVALID', message)
  return schema
}

function textParameters(parameters: object): Record<string, string> {
  for (const value of Object.values(parameters)) {
    if (typeof value !== 'string') throw invalid('Schema parameters must have string values.')
  }
  return parameters as Record<string, string>
}

const objectOf = (node: unknown): Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null ? (node as Record<string, unknown>) : {}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
