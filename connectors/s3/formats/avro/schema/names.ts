import { ConnectError, type Schema } from '../../../../../api/index.ts'

/** The namespace of the names that Confluent's AvroData gives to what Avro has no type for. */
export const NAMESPACE = 'io.confluent.connect.avro'
/** The start of the names of records without a name of their own. */
export const DEFAULT_NAME = 'ConnectDefault'
export const UNION_NAME = `${NAMESPACE}.Union`
export const MAP_ENTRY = 'MapEntry'

/* Properties of an Avro schema with what only Connect has. Source: AvroData. */

export const CONNECT_NAME = 'connect.name'
export const CONNECT_DOC = 'connect.doc'
export const CONNECT_VERSION = 'connect.version'
export const CONNECT_DEFAULT = 'connect.default'
export const CONNECT_PARAMETERS = 'connect.parameters'
export const CONNECT_TYPE = 'connect.type'
export const INTERNAL_TYPE = 'connect.internal.type'

/* Parameters of a Connect schema with what only Avro has. */

export const ENUM_PARAMETER = `${NAMESPACE}.Enum`
export const RECORD_DOC = `${NAMESPACE}.record.doc`
export const FIELD_DOC = `${NAMESPACE}.field.doc.`
export const ENUM_DOC = `${NAMESPACE}.enum.doc.`
export const ENUM_DEFAULT = `${NAMESPACE}.enum.default.`
/** Marks a default that comes from an Avro field, and not from `connect.default`. */
export const FIELD_DEFAULT = `${NAMESPACE}.field.default`
export const FIXED_SIZE = 'connect.fixed.size'
export const PRECISION = 'connect.decimal.precision'
export const DEFAULT_PRECISION = 64
/** Properties and parameters that start with this are copied. */
export const AVRO_PROPERTY = 'avro'

const GENERAL_UNION = 'org.apache.kafka.connect.data.Union'
export const VARIANT_NAME = 'org.apache.kafka.connect.data.Variant'

/** Whether the struct holds one of several types, each in a field. Source: AvroData.isUnionSchema. */
export function isUnion(schema: Schema): boolean {
  return schema.name === UNION_NAME || schema.parameters?.[GENERAL_UNION] !== undefined
}

/** Whether the map is an Avro map; other maps are arrays of entries. */
export function isAvroMap({ keySchema }: Schema, allowOptionalKeys: boolean): boolean {
  return keySchema?.type === 'string' && (!keySchema.optional || allowOptionalKeys)
}

export interface AvroName {
  readonly name: string
  /** Empty for none. */
  readonly namespace: string
}

/** Splits a name with dots. */
export function splitName(fullName: string): AvroName {
  const end = fullName.lastIndexOf('.')
  return { name: fullName.slice(end + 1), namespace: fullName.slice(0, Math.max(end, 0)) }
}

export const fullNameOf = ({ name, namespace }: AvroName): string =>
  namespace === '' ? name : `${namespace}.${name}`

/**
 * Throws `HR_DATA_INVALID` for a name that Avro does not allow.
 *
 * Source: Schema.validateName; letters and digits of all scripts are allowed, as by its default validator.
 */
export function checkName(name: string, what: string): string {
  if (/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name)) return name
  const allowed = 'Avro allows letters, digits and _, and no digit at the start. Rename it with a transform'
  throw invalidSchema(`The name '${name}' of ${what} is not valid in Avro: ${allowed}`)
}

/** An error for a schema that Avro cannot represent, or that Connect cannot. */
export const invalidSchema = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)
