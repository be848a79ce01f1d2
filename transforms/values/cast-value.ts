import {
  dateToDays,
  Float32,
  logicalNames,
  schemalessFloat,
  schemalessTypeOf,
  int64,
  timeToMs,
  type Schema,
  type SchemaType,
} from '../../api/index.ts'
import { dateText, javaClassOf, javaText, parseDouble, parseFloat32, parseInteger } from '../../java/index.ts'
import { invalid, isNull } from '../structs.ts'
import { castTargets, listOf, type CastTarget } from './cast-spec.ts'
import { numberOf, toDouble, toFloat, toInt16, toInt32, toInt64, toInt8, type AnyNumber } from './numbers.ts'

const sources: readonly SchemaType[] = [...castTargets, 'bytes']

/** Casts a value, with or without a schema, to the target type. Returns null for null. */
export type Caster = (value: unknown) => unknown

/**
 * Returns the caster for values of one schema. The caster throws `HR_DATA_INVALID` for values it cannot cast.
 *
 * Source: Cast.castValueToType.
 */
export function casterOf(schema: Schema | null, target: CastTarget): Caster {
  const cast = target === 'string' ? castToText : targetCasters[target]
  const encode = target === 'string' ? undefined : encoderOf(schema)
  return (value) => {
    if (isNull(value)) return null
    checkSource(schema, value)
    return cast(encode === undefined ? value : encode(value), schema)
  }
}

function checkSource(schema: Schema | null, value: unknown): void {
  const type = schema === null ? schemalessTypeOf(value) : schema.type
  if (type === undefined) {
    const found = javaClassOf(value)
    throw invalid(
      `Cast transformation was passed a value of type class ${found} which is not supported by Connect's data API`,
    )
  }
  if (sources.includes(type)) return
  const supported = listOf(sources)
  throw invalid(
    `Cast transformation does not support casting from ${type.toUpperCase()}; supported types are ${supported}`,
  )
}

/** Dates, times and timestamps are cast as their numeric encodings. */
function encoderOf(schema: Schema | null): ((value: unknown) => unknown) | undefined {
  switch (schema?.name) {
    case logicalNames.date:
      return (value) => dateToDays(expectDate(value))
    case logicalNames.time:
      return (value) => timeToMs(expectDate(value))
    case logicalNames.timestamp:
      return (value) => expectDate(value).getTime()
    default:
      return undefined
  }
}

function expectDate(value: unknown): Date {
  if (value instanceof Date) return value
  throw invalid(`Cast transformation expected a date, but found ${javaClassOf(value)}`)
}

/** Casts numbers and booleans with `fromNumber`, and strings with `fromText`. */
const numeric =
  (
    fromNumber: (number: AnyNumber, schema: Schema | null) => unknown,
    fromText: (text: string, schema: Schema | null) => unknown,
  ) =>
  (value: unknown, schema: Schema | null): unknown => {
    if (typeof value === 'string') {
      const result = fromText(value, schema)
      if (result === undefined) throw invalid(`Value (${value}) was out of range for requested data type`)
      return result
    }
    const number =
      typeof value === 'boolean'
        ? { kind: 'integer' as const, value: value ? 1 : 0 }
        : numberOf(value, schema)
    if (number === undefined) throw unexpected(value, schema)
    return fromNumber(number, schema)
  }

const integer = (text: string, bits: 8 | 16 | 32 | 64) => {
  const value = parseInteger(text, bits)
  return value === undefined ? undefined : int64(value)
}

/** Without a schema, the value itself must carry its type. */
const float64 = (value: number, schema: Schema | null) => (schema === null ? schemalessFloat(value) : value)
const float32 = (value: number, schema: Schema | null) => (schema === null ? new Float32(value) : value)

const targetCasters: Readonly<
  Record<Exclude<CastTarget, 'string'>, (value: unknown, schema: Schema | null) => unknown>
> = {
  int8: numeric(toInt8, (text) => integer(text, 8)),
  int16: numeric(toInt16, (text) => integer(text, 16)),
  int32: numeric(toInt32, (text) => integer(text, 32)),
  int64: numeric(toInt64, (text) => integer(text, 64)),
  float32: numeric(
    (number, schema) => float32(toFloat(number), schema),
    (text, schema) => {
      const value = parseFloat32(text)
      return value === undefined ? undefined : float32(value, schema)
    },
  ),
  float64: numeric(
    (number, schema) => float64(toDouble(number), schema),
    (text, schema) => {
      const value = parseDouble(text)
      return value === undefined ? undefined : float64(value, schema)
    },
  ),
  boolean: (value, schema) => {
    if (typeof value === 'boolean') return value
    if (typeof value === 'string') return value.toLowerCase() === 'true'
    const number = numberOf(value, schema)
    if (number === undefined) throw unexpected(value, schema)
    return toInt64(number) !== 0
  },
}

function castToText(value: unknown, schema: Schema | null): string {
  if (value instanceof Date) return dateText(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return javaText(value, schema)
}

function unexpected(value: unknown, schema: Schema | null) {
  return invalid(`Unexpected type in Cast transformation: class ${javaClassOf(value, schema)}`)
}
