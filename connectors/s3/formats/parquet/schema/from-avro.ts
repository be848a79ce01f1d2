import { ConnectError } from '../../../../../api/index.ts'
import type { Annotation, GroupType, ParquetType, PhysicalType, Repetition } from './parquet-type.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

const primitives = new Map<string, PhysicalType>([
  ['boolean', 'BOOLEAN'],
  ['int', 'INT32'],
  ['long', 'INT64'],
  ['float', 'FLOAT'],
  ['double', 'DOUBLE'],
  ['bytes', 'BYTE_ARRAY'],
  ['string', 'BYTE_ARRAY'],
  ['enum', 'BYTE_ARRAY'],
  ['fixed', 'FIXED_LEN_BYTE_ARRAY'],
])

/** The Avro type, and the Avro logical types that are kept. */
const logicalTypes = new Map<string, Annotation>([
  ['int date', { kind: 'DATE' }],
  ['int time-millis', { kind: 'TIME', unit: 'MILLIS', utc: true }],
  ['long time-micros', { kind: 'TIME', unit: 'MICROS', utc: true }],
  ['long timestamp-millis', { kind: 'TIMESTAMP', unit: 'MILLIS', utc: true }],
  ['long timestamp-micros', { kind: 'TIMESTAMP', unit: 'MICROS', utc: true }],
])

/**
 * Converts the Avro schema of a record to the schema of a Parquet file. With `nullableElements`, lists have a level of
 * their own around each element, so that elements can be null.
 *
 * An optional record is a record: a file has no null rows. Throws `HR_DATA_INVALID` if the schema is not one of a record.
 *
 * Source: AvroSchemaConverter with parquet.avro.write-old-list-structure. Differs: that refuses an optional record.
 */
export function parquetSchemaOf(avroSchema: string, nullableElements: boolean): GroupType {
  const builder = new ParquetSchemaBuilder(nullableElements)
  return builder.root(JSON.parse(avroSchema) as Json)
}

/** A definition of a named type, with the namespace of the names in it. */
interface Definition {
  readonly avro: JsonObject
  readonly namespace: string
}

class ParquetSchemaBuilder {
  readonly #nullableElements: boolean
  readonly #named = new Map<string, Definition>()

  constructor(nullableElements: boolean) {
    this.#nullableElements = nullableElements
  }

  root(avro: Json): GroupType {
    const branches = isList(avro) ? avro.filter((branch) => branch !== 'null') : [avro]
    const [record] = branches
    if (branches.length !== 1 || !isObject(record) || record['type'] !== 'record') throw notRecord()
    const { type, fullName } = this.#record(record, 'record', 'REQUIRED', '')
    return { ...type, name: fullName }
  }

  #type(avro: Json, name: string, repetition: Repetition, namespace: string): ParquetType {
    if (isList(avro)) return this.#union(avro, name, repetition, namespace)
    if (typeof avro === 'string') {
      const known = this.#named.get(avro.includes('.') || namespace === '' ? avro : `${namespace}.${avro}`)
      if (known !== undefined) return this.#type(known.avro, name, repetition, known.namespace)
      return this.#type({ type: avro }, name, repetition, namespace)
    }
    if (!isObject(avro)) throw unknown(avro)
    const { type } = avro
    if (typeof type !== 'string') return this.#type(type ?? null, name, repetition, namespace)
    if (type === 'record') return this.#record(avro, name, repetition, namespace).type
    if (type === 'array') return this.#array(avro, name, repetition, namespace)
    if (type === 'map') return this.#map(avro, name, repetition, namespace)
    if (type === 'enum' || type === 'fixed') this.#define(avro, namespace)
    return primitive(avro, type, name, repetition)
  }

  #record(
    avro: JsonObject,
    name: string,
    repetition: Repetition,
    above: string,
  ): { readonly type: GroupType; readonly fullName: string } {
    const { fullName, namespace } = this.#define(avro, above)
    const fields = (avro['fields'] as readonly JsonObject[])
      .filter(({ type }) => type !== 'null')
      .map((field) => this.#type(field['type'] ?? null, String(field['name']), 'REQUIRED', namespace))
    if (fields.length === 0) throw withoutFields(fullName)
    return { type: { name, repetition, annotation: null, fields }, fullName }
  }

  #array(avro: JsonObject, name: string, repetition: Repetition, namespace: string): GroupType {
    const items = avro['items'] ?? null
    const repeated: ParquetType = this.#nullableElements
      ? {
          name: 'list',
          repetition: 'REPEATED',
          annotation: null,
          fields: [this.#type(items, 'element', 'REQUIRED', namespace)],
        }
      : this.#type(items, 'array', 'REPEATED', namespace)
    return { name, repetition, annotation: { kind: 'LIST' }, fields: [repeated] }
  }

  #map(avro: JsonObject, name: string, repetition: Repetition, namespace: string): GroupType {
    const key = primitive({}, 'string', 'key', 'REQUIRED')
    const value = this.#type(avro['values'] ?? null, 'value', 'REQUIRED', namespace)
    const entry: GroupType = {
      name: 'key_value',
      repetition: 'REPEATED',
      annotation: null,
      fields: [key, value],
    }
    return { name, repetition, annotation: { kind: 'MAP' }, fields: [entry] }
  }

  /** A union with null is an optional type. One of several types is a group with an optional member for each. */
  #union(branches: readonly Json[], name: string, repetition: Repetition, namespace: string): ParquetType {
    const types = branches.filter((branch) => branch !== 'null')
    const nullable = types.length < branches.length
    const here = nullable && repetition === 'REQUIRED' ? 'OPTIONAL' : repetition
    const [only] = types
    if (only === undefined) throw unknown('a union of null')
    if (nullable && types.length === 1) return this.#type(only, name, here, namespace)
    const fields = types.map((type, at) => this.#type(type, `member${at}`, 'OPTIONAL', namespace))
    return { name, repetition: here, annotation: null, fields }
  }

  #define(avro: JsonObject, above: string): { readonly fullName: string; readonly namespace: string } {
    const name = String(avro['name'])
    const given = typeof avro['namespace'] === 'string' ? avro['namespace'] : above
    const dot = name.lastIndexOf('.')
    const namespace = dot === -1 ? given : name.slice(0, dot)
    const fullName = dot === -1 && namespace !== '' ? `${namespace}.${name}` : name
    this.#named.set(fullName, { avro, namespace: above })
    return { fullName, namespace }
  }
}

function primitive(avro: JsonObject, type: string, name: string, repetition: Repetition): ParquetType {
  const physical = primitives.get(type)
  if (physical === undefined) throw unknown(type)
  const length = type === 'fixed' ? Number(avro['size']) : 0
  return { name, repetition, annotation: annotationOf(avro, type), physical, length }
}

function annotationOf(avro: JsonObject, type: string): Annotation | null {
  const logical = avro['logicalType']
  if (logical === 'decimal' && (type === 'bytes' || type === 'fixed')) {
    const [precision, scale] = [Number(avro['precision']), Number(avro['scale'] ?? 0)]
    return precision > 0 && scale >= 0 && scale <= precision ? { kind: 'DECIMAL', precision, scale } : null
  }
  if (type === 'string') return { kind: 'STRING' }
  if (type === 'enum') return { kind: 'ENUM' }
  return logicalTypes.get(`${type} ${String(logical)}`) ?? null
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const notRecord = () =>
  new ConnectError(
    'HR_DATA_INVALID',
    'Parquet files hold structs, but the values are none. The HoistField transform makes a struct of a value.',
  )

const withoutFields = (name: string) =>
  new ConnectError('HR_DATA_INVALID', `Parquet cannot hold the struct ${name}, because it has no fields`)

const unknown = (type: Json) =>
  new ConnectError('HR_DATA_INVALID', `Parquet has no type for the Avro type ${JSON.stringify(type)}`)
