import { decimalScale, logicalNames, type Schema } from '../../../../../api/index.ts'
import type { AvroDataSettings } from '../settings.ts'
import { defaultJson } from './default-json.ts'
import type { Json, JsonObject } from './json.ts'
import {
  AVRO_PROPERTY,
  CONNECT_DEFAULT,
  CONNECT_DOC,
  CONNECT_NAME,
  CONNECT_PARAMETERS,
  CONNECT_TYPE,
  CONNECT_VERSION,
  DEFAULT_PRECISION,
  FIELD_DEFAULT,
  invalidSchema,
  PRECISION,
} from './names.ts'
import type { Properties } from './nodes.ts'

const logicalTypes: Readonly<Record<string, { readonly type: Schema['type']; readonly avro: string }>> = {
  [logicalNames.decimal]: { type: 'bytes', avro: 'decimal' },
  [logicalNames.date]: { type: 'int32', avro: 'date' },
  [logicalNames.time]: { type: 'int32', avro: 'time-millis' },
  [logicalNames.timestamp]: { type: 'int64', avro: 'timestamp-millis' },
}

/**
 * Returns the properties of the Avro schema for a Connect schema, in Java's order. Throws `HR_DATA_INVALID` for a logical
 * type on another type, or an invalid scale or precision.
 */
export function propertiesOf(schema: Schema, settings: AvroDataSettings): Properties {
  const properties: Properties = new Map()
  const logical = logicalTypeOf(schema)
  if (logical === 'decimal') {
    properties.set('scale', decimalScale(schema)).set('precision', precisionOf(schema))
  }
  if (settings.connectMetaData) addMetadata(properties, schema, settings)
  if (logical !== undefined) properties.set('logicalType', logical)
  for (const [name, value] of Object.entries(schema.parameters ?? {})) {
    if (name.startsWith(AVRO_PROPERTY) && !properties.has(name)) properties.set(name, value)
  }
  return properties
}

function logicalTypeOf({ name, type }: Schema): string | undefined {
  const logical = name !== null && Object.hasOwn(logicalTypes, name) ? logicalTypes[name] : undefined
  if (logical === undefined || logical.type === type) return logical?.avro
  throw invalidSchema(`A schema with the name ${name} must have the type ${logical.type}, not ${type}`)
}

function precisionOf({ parameters }: Schema): number {
  const text = parameters?.[PRECISION]
  if (text === undefined) return DEFAULT_PRECISION
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw invalidSchema(`The parameter ${PRECISION} of a Decimal is '${text}', which is not a number of digits`)
}

function addMetadata(properties: Properties, schema: Schema, settings: AvroDataSettings): void {
  const { doc, version, parameters, defaultValue, name, type } = schema
  if (doc !== null) properties.set(CONNECT_DOC, doc)
  if (version !== null) properties.set(CONNECT_VERSION, version)
  const kept = parametersJson(schema)
  if (kept !== undefined) properties.set(CONNECT_PARAMETERS, kept)
  if (defaultValue !== null && parameters?.[FIELD_DEFAULT] === undefined) {
    properties.set(CONNECT_DEFAULT, defaultJson(schema, defaultValue, settings.allowOptionalMapKeys))
  }
  if (name !== null) properties.set(CONNECT_NAME, name)
  if (type === 'int8' || type === 'int16') properties.set(CONNECT_TYPE, type)
}

/** Returns the parameters to store; undefined if there are none. */
export function parametersJson({ parameters }: Schema): JsonObject | undefined {
  const kept: (readonly [string, Json])[] = Object.entries(parameters ?? {}).filter(
    ([name]) => name !== FIELD_DEFAULT,
  )
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}
