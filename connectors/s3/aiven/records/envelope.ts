import {
  ConnectError,
  INT64,
  map,
  OPTIONAL_INT64,
  STRING,
  struct,
  type Schema,
  type SinkRecord,
} from '../../../../api/index.ts'
import type { SchemaAndValue } from '../../ports.ts'
import type { OutputField, OutputSettings } from './field.ts'

/** Reads whole records as structs, for formats with schemas. */
export type ReadRecord = (record: SinkRecord) => SchemaAndValue

type HeaderSchema = Schema | null

/**
 * Returns the function that reads a record as the struct `connector_records` with the fields. Without an envelope, a struct
 * is read as it is.
 *
 * It throws `HR_DATA_INVALID` for a record without schemas, and for headers of several types. Source: SinkSchemaBuilder and
 * SinkRecordConverter. Differs: without an envelope, a map is a field of a struct, because its keys differ by record; the
 * timestamp is optional; a record without headers has an empty map.
 */
export function recordStruct({ fields, envelope }: OutputSettings, namespace: string): ReadRecord {
  const [single] = fields
  const schemas = new SchemaCache(fields, `${namespace}.connector_records`)
  const unwrapped = envelope ? undefined : single
  return (record) => {
    const { keySchema, valueSchema } = record
    if (keySchema === null) throw invalid('Record key without schema')
    if (valueSchema === null) throw invalid('Record value without schema')
    if (unwrapped === 'value' && isStruct(valueSchema, record.value)) {
      return { schema: valueSchema, value: record.value }
    }
    if (unwrapped === 'key' && isStruct(keySchema, record.key))
      return { schema: keySchema, value: record.key }
    const headers = fields.includes('headers') ? headerSchema(record) : null
    const value: Record<OutputField, unknown> = Object.create(null) as Record<OutputField, unknown>
    for (const field of fields) value[field] = values[field](record)
    return { schema: schemas.of(keySchema, valueSchema, headers), value }
  }
}

const isStruct = (schema: Schema, value: unknown): boolean => schema.type === 'struct' && value !== null

const values: Readonly<Record<OutputField, (record: SinkRecord) => unknown>> = {
  key: ({ key }) => key,
  value: ({ value }) => value,
  offset: ({ offset }) => offset,
  timestamp: ({ timestamp }) => timestamp,
  headers: ({ headers }) => new Map(headers.map(({ key, value }) => [key, value])),
}

/** Schemas are interned, so that equal pairs give the same envelope. */
class SchemaCache {
  readonly #fields: readonly OutputField[]
  readonly #name: string
  readonly #known = new WeakMap<Schema, WeakMap<Schema, Map<HeaderSchema, Schema>>>()

  constructor(fields: readonly OutputField[], name: string) {
    this.#fields = fields
    this.#name = name
  }

  of(key: Schema, value: Schema, headers: HeaderSchema): Schema {
    let byValue = this.#known.get(key)
    if (byValue === undefined) this.#known.set(key, (byValue = new WeakMap()))
    let byHeaders = byValue.get(value)
    if (byHeaders === undefined) byValue.set(value, (byHeaders = new Map()))
    let schema = byHeaders.get(headers)
    if (schema === undefined) byHeaders.set(headers, (schema = this.#create(key, value, headers)))
    return schema
  }

  #create(key: Schema, value: Schema, headers: HeaderSchema): Schema {
    const types: Readonly<Record<OutputField, Schema>> = {
      key,
      value,
      offset: INT64,
      timestamp: OPTIONAL_INT64,
      headers: map(STRING, headers ?? STRING),
    }
    return struct(
      this.#fields.map((field) => [field, types[field]] as const),
      { name: this.#name },
    )
  }
}

function headerSchema({ headers }: SinkRecord): HeaderSchema {
  let found: HeaderSchema = null
  for (const { key, schema } of headers) {
    if (schema === null) throw invalid(`Header ${key} without schema`)
    if (found !== null && found.type !== schema.type) {
      throw invalid(
        `Header ${key} has the type ${schema.type}, expected ${found.type} as that of the others; use StringConverter as header.converter`,
      )
    }
    found ??= schema
  }
  return found
}

const invalid = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)
