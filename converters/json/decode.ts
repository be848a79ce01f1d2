import {
  ConnectError,
  dateFromMs,
  Decimal,
  decimalScale,
  int64,
  isFloat64,
  keyedMap,
  logicalNames,
  MS_PER_DAY,
  timeFromMs,
  type Schema,
  type SchemaType,
} from '../../api/index.ts'
import { JsonNumber, structBuilder, toFloat32 } from '../../java/index.ts'
import { decodeBase64 } from './base64.ts'
import { float32Of, safeWhole } from './digits.ts'

/** Converts parsed JSON to a value of one schema. */
export type Decoder = (node: unknown) => unknown

const INT32_MIN = -(2 ** 31)
const INT32_MAX = 2 ** 31 - 1

/**
 * Compiles a decoder for each schema and caches it.
 *
 * Decoders are as lenient as Kafka Connect: a string in an integer field becomes 0, and unknown fields are dropped. They
 * throw `HR_DATA_INVALID` in the same cases as Connect. Source: JsonConverter.convertToConnect.
 */
export class DecoderCache {
  readonly #replaceNullWithDefault: boolean
  readonly #decoders = new WeakMap<Schema, Decoder>()

  constructor(replaceNullWithDefault: boolean) {
    this.#replaceNullWithDefault = replaceNullWithDefault
  }

  of(schema: Schema | null): Decoder {
    if (schema === null) return schemaless
    let decoder = this.#decoders.get(schema)
    if (decoder === undefined) this.#decoders.set(schema, (decoder = this.#compile(schema)))
    return decoder
  }

  /** Returns the decoder for a struct field. It throws for a null in a required field. */
  field(name: string, schema: Schema): Decoder {
    const decode = this.of(schema)
    const check = requiredParts(schema, `field: "${name}"`)
    if (check === undefined) return decode
    return (node) => {
      const value = decode(node)
      check(value)
      return value
    }
  }

  #compile(schema: Schema): Decoder {
    const decode = logicalDecoder(schema) ?? this.#byType[schema.type](schema)
    const { defaultValue, optional } = schema
    if (defaultValue !== null && this.#replaceNullWithDefault) {
      return (node) => (node === null || node === undefined ? defaultValue : decode(node))
    }
    if (optional) return (node) => (node === null || node === undefined ? null : decode(node))
    const message = `Invalid null value for required ${schema.type.toUpperCase()} field`
    return (node) => {
      if (node === null || node === undefined) throw invalid(message)
      return decode(node)
    }
  }

  readonly #byType: Readonly<Record<SchemaType, (schema: Schema) => Decoder>> = {
    int8: () => (node) => (integer(node) << 24) >> 24,
    int16: () => (node) => (integer(node) << 16) >> 16,
    int32: () => integer,
    int64: () => long,
    float32: () => float32,
    float64: () => numberOf,
    boolean: () => (node) => node === true,
    string: () => (node) => (typeof node === 'string' ? node : null),
    bytes: () => (node) => (typeof node === 'string' ? decodeBase64(node) : null),
    array: (schema) => this.#array(schema),
    map: (schema) => this.#map(schema),
    struct: (schema) => this.#struct(schema),
  }

  #array(schema: Schema): Decoder {
    const item = this.of(schema.valueSchema)
    return (node) =>
      Array.isArray(node) ? node.map((part) => item(part)) : objectValues(node).map((part) => item(part))
  }

  #map(schema: Schema): Decoder {
    const keyOf = this.of(schema.keySchema)
    const itemOf = this.of(schema.valueSchema)
    if (schema.keySchema?.type === 'string') {
      return (node) => {
        if (!isObject(node)) {
          throw invalid(
            `Maps with string fields should be encoded as JSON objects, but found ${nodeType(node)}`,
          )
        }
        return new Map(Object.entries(node).map(([key, item]) => [key, itemOf(item)]))
      }
    }
    return (node) => {
      if (!Array.isArray(node)) {
        throw invalid(
          `Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(node)}`,
        )
      }
      return keyedMap(node.map((entry) => pair(entry, keyOf, itemOf)))
    }
  }

  #struct(schema: Schema): Decoder {
    const build = structBuilder(
      schema.fields.map(({ name, schema: own }) => ({ name, from: name, change: this.field(name, own) })),
    )
    return (node) => {
      if (!isObject(node))
        throw invalid(`Structs should be encoded as JSON objects, but found ${nodeType(node)}`)
      return build(node)
    }
  }
}

/**
 * Returns a check for nulls that lenient decoding may produce where the schema requires a value. Connect detects these
 * when it puts the value into the struct. Returns undefined if no value of the schema needs the check.
 */
export function requiredParts(schema: Schema, where: string): ((value: unknown) => void) | undefined {
  const parts = partsCheck(schema, where)
  if (schema.optional) return parts
  const message = `Invalid value: null used for required ${where}, schema type: ${schema.type.toUpperCase()}`
  return (value) => {
    if (value === null) throw invalid(message)
    parts?.(value)
  }
}

function partsCheck(schema: Schema, where: string): ((value: unknown) => void) | undefined {
  if (schema.type !== 'array' && schema.type !== 'map') return undefined
  const element = schema.type === 'array' ? 'element of array' : 'value of map'
  const check =
    schema.valueSchema === null ? undefined : requiredParts(schema.valueSchema, `${element} ${where}`)
  const checkKey =
    schema.keySchema === null ? undefined : requiredParts(schema.keySchema, `key of map ${where}`)
  if (check === undefined && checkKey === undefined) return undefined
  return (value) => {
    if (value instanceof Map && checkKey !== undefined) for (const key of value.keys()) checkKey(key)
    const items = value instanceof Map ? value.values() : ((value ?? []) as Iterable<unknown>)
    if (check !== undefined) for (const item of items) check(item)
  }
}

function logicalDecoder(schema: Schema): Decoder | undefined {
  switch (schema.name) {
    case logicalNames.decimal:
      return (node) => decimal(schema, node)
    case logicalNames.date:
      return (node) => dateFromMs(expectInt('Date', node) * MS_PER_DAY)
    case logicalNames.time:
      return (node) => timeFromMs(expectInt('Time', node))
    case logicalNames.timestamp:
      return (node) => {
        if (isIntegral(node)) return dateFromMs(Number(long(node)))
        throw invalid(
          `Invalid type for Timestamp, underlying representation should be integral but was ${nodeType(node)}`,
        )
      }
    default:
      return undefined
  }
}

function decimal(schema: Schema, node: unknown): Decimal {
  const text = node instanceof JsonNumber ? node.text : numberText(node)
  const parsed = text === undefined ? undefined : Decimal.parse(text)
  if (parsed !== undefined) return parsed
  if (typeof node !== 'string') {
    const found = nodeType(node)
    throw invalid(
      `Invalid type for Decimal, underlying representation should be numeric or bytes but was ${found}`,
    )
  }
  try {
    const bytes = decodeBase64(node)
    if (bytes.length === 0) throw new ConnectError('HR_DATA_INVALID', 'A decimal needs at least one byte')
    return Decimal.fromBytes(bytes, decimalScale(schema))
  } catch (cause) {
    throw new ConnectError('HR_DATA_INVALID', 'Invalid bytes for Decimal field', { cause })
  }
}

function numberText(node: unknown): string | undefined {
  return typeof node === 'number' || typeof node === 'bigint' ? String(node) : undefined
}

/** Whether a JSON number has neither a fraction nor an exponent. */
export const isIntegral = (node: unknown): boolean =>
  Number.isSafeInteger(node) ||
  typeof node === 'bigint' ||
  (node instanceof JsonNumber && /^-?\d+$/.test(node.text))

/**
 * Returns parsed JSON unchanged, except that integers beyond 64 bits are truncated to their low 64 bits.
 *
 * Differs: object fields keep their order; Java returns them in HashMap order.
 */
function schemaless(node: unknown): unknown {
  if (node instanceof JsonNumber) return isIntegral(node) ? long(node) : numberOf(node)
  if (typeof node !== 'object' || node === null || isFloat64(node)) return node ?? null
  // Freshly parsed, so it can be changed in place
  const parts = node as Record<string, unknown>
  for (const [key, part] of Object.entries(parts)) {
    if (typeof part === 'object' && part !== null) setOwn(parts, key, schemaless(part))
  }
  return node
}

function setOwn(parts: Record<string, unknown>, key: string, value: unknown): void {
  if (parts[key] !== value) Object.defineProperty(parts, key, { value })
}

function expectInt(type: string, node: unknown): number {
  if (typeof node === 'number' && Number.isInteger(node) && node >= INT32_MIN && node <= INT32_MAX)
    return node
  throw invalid(
    `Invalid type for ${type}, underlying representation should be integer but was ${nodeType(node)}`,
  )
}

/** Returns the low 32 bits of the integral part, or 0 if the node is not a number. Source: JsonNode.intValue. */
export function integer(node: unknown): number {
  if (typeof node === 'number' && node === (node | 0)) return node | 0
  if (Number.isSafeInteger(node)) return Number(BigInt.asIntN(32, BigInt(node as number)))
  if (typeof node === 'bigint') return Number(BigInt.asIntN(32, node))
  if (node instanceof JsonNumber) return Number(BigInt.asIntN(32, decimalOf(node).toLong()))
  return safeWhole(numberOf(node)) | 0
}

/** Returns the low 64 bits of the integral part, or 0 if the node is not a number. Source: JsonNode.longValue. */
function long(node: unknown): number | bigint {
  if (typeof node === 'bigint' || Number.isSafeInteger(node)) return node as number | bigint
  if (node instanceof JsonNumber) return int64(decimalOf(node).toLong())
  return safeWhole(numberOf(node))
}

function float32(node: unknown): number {
  if (node instanceof JsonNumber) return toFloat32(decimalOf(node))
  if (typeof node === 'bigint') return toFloat32(new Decimal(node, 0))
  return float32Of(numberOf(node))
}

const decimalOf = ({ text }: JsonNumber): Decimal => Decimal.parse(text) ?? new Decimal(0n, 0)

function numberOf(node: unknown): number {
  if (typeof node === 'number') return node
  if (isFloat64(node)) return node.value
  if (node instanceof JsonNumber) return Number(node.text) + 0
  return typeof node === 'bigint' ? Number(node) : 0
}

function pair(entry: unknown, keyOf: Decoder, itemOf: Decoder): [unknown, unknown] {
  if (!Array.isArray(entry))
    throw invalid(`Found invalid map entry instead of array tuple: ${nodeType(entry)}`)
  if (entry.length !== 2)
    throw invalid(`Found invalid map entry, expected length 2 but found :${entry.length}`)
  return [keyOf(entry[0]), itemOf(entry[1])]
}

function isObject(node: unknown): node is Record<string, unknown> {
  return (
    typeof node === 'object' &&
    node !== null &&
    !Array.isArray(node) &&
    !isFloat64(node) &&
    !(node instanceof JsonNumber)
  )
}

const objectValues = (node: unknown): unknown[] => (isObject(node) ? Object.values(node) : [])

function nodeType(node: unknown): string {
  if (node === null || node === undefined) return 'NULL'
  if (Array.isArray(node)) return 'ARRAY'
  if (isObject(node)) return 'OBJECT'
  return typeof node === 'string' || typeof node === 'boolean' ? (typeof node).toUpperCase() : 'NUMBER'
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
