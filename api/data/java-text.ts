import {
  type BoxedIntegerType,
  doubleText,
  floatText,
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
} from '../numbers/index.ts'
import type { Schema } from './schema.ts'

/**
 * Formats a value like Java's `toString`: `{a=1}` for a map, `Struct{a=1}` for a struct.
 *
 * In Java, the string for bytes is an object identity; this returns its prefix, `[B`.
 */
export function javaText(value: unknown, schema: Schema | null): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return numberText(value, schema)
    case 'object':
      return value === null ? 'null' : objectText(value, schema)
    default:
      return String(value)
  }
}

function numberText(value: number, schema: Schema | null): string {
  if (schema?.type === 'float64') return doubleText(value)
  if (schema?.type === 'float32') return floatText(value)
  return Number.isSafeInteger(value) ? String(value) : doubleText(value)
}

function objectText(value: object, schema: Schema | null): string {
  if (isFloat64(value)) return doubleText(value.value)
  if (isFloat32(value)) return floatText(value.value)
  if (isDecimal(value) || isBoxedInteger(value)) return value.toString()
  if (value instanceof Date) return dateText(value)
  if (value instanceof Uint8Array) return '[B'
  if (Array.isArray(value)) return `[${value.map((item) => javaText(item, elementOf(schema))).join(', ')}]`
  if (schema?.type === 'struct') return structText(value as Record<string, unknown>, schema)
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
  const pairs = entries.map(
    ([key, item]) => `${javaText(key, schema?.keySchema ?? null)}=${javaText(item, elementOf(schema))}`,
  )
  return `{${pairs.join(', ')}}`
}

function elementOf(schema: Schema | null): Schema | null {
  return schema?.valueSchema ?? null
}

/** Omits fields without a value. Source: Struct.toString. */
function structText(value: Readonly<Record<string, unknown>>, schema: Schema): string {
  const parts = schema.fields
    .filter((field) => value[field.name] !== undefined && value[field.name] !== null)
    .map((field) => `${field.name}=${javaText(value[field.name], field.schema)}`)
  return `Struct{${parts.join(',')}}`
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Thu Jan 01 00:00:00 UTC 1970`. Source: java.util.Date.toString in UTC. */
function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return String(value)
  const time = value.toISOString().slice(-13, -5)
  const day = String(value.getUTCDate()).padStart(2, '0')
  const year = String(value.getUTCFullYear()).padStart(4, '0')
  return `${DAYS[value.getUTCDay()]} ${MONTHS[value.getUTCMonth()]} ${day} ${time} UTC ${year}`
}

/** Returns the Java class of a value, as in error messages of the Java worker. */
export function javaClassOf(value: unknown, schema: Schema | null = null): string {
  switch (typeof value) {
    case 'string':
      return 'java.lang.String'
    case 'boolean':
      return 'java.lang.Boolean'
    case 'bigint':
      return 'java.lang.Long'
    case 'number':
      return numberClass(value, schema)
    case 'object':
      return value === null ? 'null' : objectClass(value, schema)
    default:
      return typeof value
  }
}

const numberClasses: Partial<Record<string, string>> = {
  int8: 'java.lang.Byte',
  int16: 'java.lang.Short',
  int32: 'java.lang.Integer',
  int64: 'java.lang.Long',
  float32: 'java.lang.Float',
  float64: 'java.lang.Double',
}

const boxedClasses: Readonly<Record<BoxedIntegerType, string>> = {
  int8: 'java.lang.Byte',
  int16: 'java.lang.Short',
  int32: 'java.lang.Integer',
  int64: 'java.lang.Long',
  biginteger: 'java.math.BigInteger',
}

function numberClass(value: number, schema: Schema | null): string {
  const named = schema === null ? undefined : numberClasses[schema.type]
  return named ?? (Number.isSafeInteger(value) ? 'java.lang.Long' : 'java.lang.Double')
}

function objectClass(value: object, schema: Schema | null): string {
  if (isFloat64(value)) return 'java.lang.Double'
  if (isFloat32(value)) return 'java.lang.Float'
  if (isDecimal(value)) return 'java.math.BigDecimal'
  if (isBoxedInteger(value)) return boxedClasses[value.type]
  if (value instanceof Date) return 'java.util.Date'
  if (value instanceof Uint8Array) return '[B'
  if (Array.isArray(value)) return 'java.util.ArrayList'
  if (schema?.type === 'struct') return 'org.apache.kafka.connect.data.Struct'
  return 'java.util.HashMap'
}
