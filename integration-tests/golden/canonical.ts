import {
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  type ConnectRecord,
  type Schema,
} from '../../api/index.ts'
import { decodeRecord, decodeSchema, decodeValue } from './decode.ts'
import type { RecordedPair, RecordedRecord, TypedValue } from './format.ts'

/** A canonical form of recorded and actual results: equal results are equal JSON. */
export type Canonical = null | string | number | boolean | readonly Canonical[] | { [key: string]: Canonical }

/** A schema with all its attributes. */
export function canonicalSchema(schema: Schema | null): Canonical {
  if (schema === null) return null
  const { type, optional, name, version, doc, parameters, defaultValue } = schema
  const attributes: { [key: string]: Canonical } = { type, optional }
  if (name !== null) attributes['name'] = name
  if (version !== null) attributes['version'] = version
  if (doc !== null) attributes['doc'] = doc
  if (parameters !== null) attributes['parameters'] = { ...parameters }
  if (defaultValue !== null) attributes['default'] = canonicalValue(defaultValue, schema)
  if (type === 'array' || type === 'map') attributes['values'] = canonicalSchema(schema.valueSchema)
  if (type === 'map') attributes['keys'] = canonicalSchema(schema.keySchema)
  if (type === 'struct') {
    attributes['fields'] = schema.fields.map((field) => [field.name, canonicalSchema(field.schema)])
  }
  return attributes
}

const isNumeric = ({ type }: Schema): boolean => type.startsWith('int') || type.startsWith('float')

/** Without a schema, JavaScript only distinguishes integers and floats; with one, the schema determines the type. */
function numberType(schema: Schema | null, whole: boolean): string {
  return schema !== null && isNumeric(schema) ? schema.type : whole ? 'integer' : 'float'
}

const numberText = (value: number | bigint): string => (Object.is(value, -0) ? '-0' : String(value))

/** `like` is the expected value. If it has no order, the entries of a map are sorted. */
export function canonicalValue(value: unknown, schema: Schema | null, like: TypedValue = null): Canonical {
  switch (typeof value) {
    case 'undefined':
      return null
    case 'string':
      return value.replaceAll(/\p{Surrogate}/gu, '?') // recordings are UTF-8, which cannot contain lone surrogates
    case 'boolean':
      return value
    case 'bigint':
      return { [numberType(schema, true)]: String(value) }
    case 'number': {
      const float = schema?.type === 'float32' || schema?.type === 'float64' || !Number.isSafeInteger(value)
      return { [numberType(schema, !float)]: numberText(value) }
    }
    case 'object':
      return value === null ? null : canonicalObject(value, schema, like)
    default:
      return { foreign: String(value) }
  }
}

function canonicalObject(value: object, schema: Schema | null, like: TypedValue): Canonical {
  if (isFloat64(value)) return { [schema === null ? 'float' : 'boxed float64']: numberText(value.value) }
  if (isFloat32(value)) return { [schema === null ? 'float' : 'boxed float32']: numberText(value.value) }
  if (isBoxedInteger(value)) {
    const type = value.type === 'biginteger' ? 'biginteger' : 'integer'
    return { [schema !== null && isNumeric(schema) ? `boxed ${value.type}` : type]: numberText(value.value) }
  }
  if (isDecimal(value)) return { decimal: `${value.unscaled} / ${value.scale}` }
  if (value instanceof Date) return { date: value.getTime() }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) {
    const items = (like?.['array'] ?? []) as TypedValue[]
    return value.map((item, index) => canonicalValue(item, schema?.valueSchema ?? null, items[index] ?? null))
  }
  if (schema?.type === 'struct' && !(value instanceof Map)) return canonicalStruct(value, schema, like)
  return canonicalMap(value instanceof Map ? [...value] : Object.entries(value), schema, like)
}

function canonicalStruct(value: object, schema: Schema, like: TypedValue): Canonical {
  const expected = new Map((like?.['struct'] ?? []) as [string, TypedValue][])
  const strange = Object.keys(value).filter((name) => schema.field(name) === undefined)
  const fields = schema.fields.map(({ name, schema: own }) => {
    const item = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null
    return [name, canonicalValue(item, own, expected.get(name) ?? null)]
  })
  return { struct: [...fields, ...strange.map((name) => ['not in the schema', name])] }
}

function canonicalMap(entries: [unknown, unknown][], schema: Schema | null, like: TypedValue): Canonical {
  const textOf = (value: Canonical) => JSON.stringify(value)
  const keyOf = (key: unknown) => canonicalValue(key, schema?.keySchema ?? null)
  const expected = new Map(
    ((like?.['map'] ?? []) as [TypedValue, TypedValue][]).map(
      ([key, value]) => [textOf(keyOf(decodeValue(key, schema?.keySchema ?? null))), value] as const,
    ),
  )
  const pairs = entries.map(([key, value]) => {
    const name = keyOf(key)
    return [
      name,
      canonicalValue(value, schema?.valueSchema ?? null, expected.get(textOf(name)) ?? null),
    ] as const
  })
  if (like?.['unordered'] === true) pairs.sort((a, b) => (textOf(a[0]) < textOf(b[0]) ? -1 : 1))
  return { map: pairs }
}

/** A schema with its value, and the expected ones. */
export function canonicalPair(schema: Schema | null, value: unknown, like?: RecordedPair): Canonical {
  return { schema: canonicalSchema(schema), value: canonicalValue(value, schema, like?.value ?? null) }
}

export function expectedPair(recorded: RecordedPair): Canonical {
  const schema = decodeSchema(recorded.schema)
  return canonicalPair(schema, decodeValue(recorded.value, schema), recorded)
}

/** A record, including coordinates that only source or sink records have. */
export function canonicalRecord(record: ConnectRecord, like: RecordedRecord): Canonical {
  const { keySchema, key, valueSchema, value, headers, ...coordinates } = record
  const places = Object.entries(coordinates).map(
    ([name, place]) => [name, canonicalValue(place, null)] as const,
  )
  return {
    ...Object.fromEntries(places),
    key: canonicalPair(keySchema, key, like.key),
    value: canonicalPair(valueSchema, value, like.value),
    headers: headers.map((header, index) => [
      header.key,
      canonicalPair(header.schema, header.value, like.headers?.[index]),
    ]),
  }
}

export const expectedRecord = (recorded: RecordedRecord): Canonical =>
  canonicalRecord(decodeRecord(recorded), recorded)
