import { isBoxedInteger, isDecimal, isFloat32, isFloat64 } from '../../api/numbers/index.ts'
import { javaClassOf, javaText } from '../../api/data/java-text.ts'
import { MS_PER_DAY } from '../../api/data/logical.ts'
import type { Schema } from '../../api/data/schema.ts'
import { ConnectError } from '../../api/errors.ts'
import { isoDate, isoTime, isoTimestamp } from './formats.ts'

/**
 * Formats a value so that {@link parseValueText} can parse it: `[1,"a"]`, `{"k":true}`. Returns strings unchanged.
 *
 * Throws `HR_DATA_INVALID` for values without a string form. Source: Values.convertToString. Differs: dates are in UTC.
 */
export function valueText(value: unknown, schema: Schema | null): string {
  return write(value, schema, false)
}

function write(value: unknown, schema: Schema | null, embedded: boolean): string {
  switch (typeof value) {
    case 'string':
      return embedded ? quoted(value) : value
    case 'number':
    case 'bigint':
    case 'boolean':
      return javaText(value, schema)
    case 'object':
      return value === null ? 'null' : writeObject(value, schema, embedded)
    default:
      throw new ConnectError('HR_DATA_INVALID', `Failed to serialize unexpected value type ${typeof value}`)
  }
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

function writeObject(value: object, schema: Schema | null, embedded: boolean): string {
  if (isDecimal(value) || isFloat64(value) || isFloat32(value) || isBoxedInteger(value))
    return javaText(value, schema)
  if (value instanceof Uint8Array) {
    const base64 = Buffer.from(value).toString('base64')
    return embedded ? `"${base64}"` : base64
  }
  const valueSchema = schema?.valueSchema ?? null
  if (Array.isArray(value)) return `[${value.map((item) => write(item, valueSchema, true)).join()}]`
  if (value instanceof Date) return dateText(value)
  if (schema?.type === 'struct') return writeStruct(value as Record<string, unknown>, schema)
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
  const keySchema = schema?.keySchema ?? null
  return `{${entries.map(([key, item]) => `${write(key, keySchema, true)}:${write(item, valueSchema, true)}`).join()}}`
}

function writeStruct(struct: Readonly<Record<string, unknown>>, schema: Schema): string {
  const fields = schema.fields.map((field) => {
    const value = struct[field.name] ?? field.schema.defaultValue
    return `${quoted(field.name)}:${write(value, field.schema, true)}`
  })
  return `{${fields.join()}}`
}

/** Formats a Date by its value alone: as a time before 1970-01-02, as a date at midnight, and else as a timestamp. */
export function dateText(value: Date): string {
  const ms = value.getTime()
  if (Number.isNaN(ms))
    throw new ConnectError('HR_DATA_INVALID', `Failed to serialize ${javaClassOf(value)}: invalid Date`)
  if (ms < MS_PER_DAY) return isoTime.format(value)
  return (ms % MS_PER_DAY === 0 ? isoDate : isoTimestamp).format(value)
}
