import {
  dateToDays,
  decimalToBytes,
  logicalNames,
  timeToMs,
  type Schema,
  type SchemaType,
} from '../../api/data/index.ts'
import { javaClassOf } from '../../api/data/java-text.ts'
import { ConnectError } from '../../api/errors.ts'
import { isDecimal } from '../../api/numbers/index.ts'
import { base64Json, jsonDouble, jsonFloat, printJson } from './print.ts'
import { structWriter } from './struct-writer.ts'
import { jsonString } from './text.ts'

/** Serializes a value of one schema to JSON. */
export type JsonEncoder = (value: unknown) => string

export interface JsonEncodeOptions {
  /** `double` rounds to the nearest 64-bit float. */
  readonly decimals: 'base64' | 'numeric' | 'double'
  readonly replaceNullWithDefault: boolean
  /**
   * How maps are written that are not written as objects: as pairs, the default, or as objects with `key` and `value`.
   * `allEntries` writes maps with string keys in this way, too.
   */
  readonly maps?: 'pairs' | 'entries' | 'allEntries'
  /** Writes the defaults of structs, which JsonConverter refuses. */
  readonly structDefaults?: boolean
}

/**
 * Compiles an encoder for each schema and caches it.
 *
 * Invariant 6: an encoder throws `HR_DATA_INVALID` if a value does not match its schema.
 * Source: JsonConverter.convertToJson.
 */
export class JsonEncoderCache {
  readonly #options: JsonEncodeOptions
  readonly #encoders = new WeakMap<Schema, JsonEncoder>()

  constructor(options: JsonEncodeOptions) {
    this.#options = options
  }

  of(schema: Schema | null): JsonEncoder {
    if (schema === null) return printJson
    let encoder = this.#encoders.get(schema)
    if (encoder === undefined) this.#encoders.set(schema, (encoder = this.#compile(schema)))
    return encoder
  }

  /** Returns an encoder that puts the JSON between `before` and `after`. It is not cached. */
  between(before: string, schema: Schema, after: string): JsonEncoder {
    const encode = this.of(schema)
    const around: JsonEncoder = (value) => `${before}${encode(value)}${after}`
    if (schema.type !== 'struct' || this.#logical(schema) !== undefined) return around
    const write = this.#writer(schema, before, after)
    return (value) => (isStruct(value) ? write(value) : around(value))
  }

  #compile(schema: Schema): JsonEncoder {
    const encode = this.#logical(schema) ?? this.#byType[schema.type](schema)
    const whenNull = this.#nullOf(schema, encode)
    return (value) => (value === null || value === undefined ? whenNull() : encode(value))
  }

  #nullOf(schema: Schema, encode: JsonEncoder): () => string {
    const { defaultValue } = schema
    if (defaultValue !== null && this.#options.replaceNullWithDefault) {
      const refused = schema.type === 'struct' && this.#options.structDefaults !== true
      return refused ? refuseStructDefault : () => encode(defaultValue)
    }
    if (schema.optional) return () => 'null'
    return () => {
      throw invalid('Conversion error: null value for field that is required and has no default value')
    }
  }

  #logical(schema: Schema): JsonEncoder | undefined {
    switch (schema.name) {
      case logicalNames.decimal:
        return this.#decimal(schema)
      case logicalNames.date:
        return (value) => String(dateToDays(expectDate('Date', value)))
      case logicalNames.time:
        return (value) => String(timeToMs(expectDate('Time', value)))
      case logicalNames.timestamp:
        return (value) => String(expectDate('Timestamp', value).getTime())
      default:
        return undefined
    }
  }

  #decimal(schema: Schema): JsonEncoder {
    switch (this.#options.decimals) {
      case 'numeric':
        return (value) => expectDecimal(value).toString()
      case 'double':
        return (value) => jsonDouble(expectDecimal(value).toNumber())
      case 'base64':
        return (value) => `"${decimalToBytes(schema, expectDecimal(value)).toString('base64')}"`
    }
  }

  readonly #byType: Readonly<Record<SchemaType, (schema: Schema) => JsonEncoder>> = {
    int8: integerEncoder,
    int16: integerEncoder,
    int32: integerEncoder,
    int64: (schema) => (value) =>
      Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : refuse(schema, value),
    float32: (schema) => (value) => (typeof value === 'number' ? jsonFloat(value) : refuse(schema, value)),
    float64: (schema) => (value) => (typeof value === 'number' ? jsonDouble(value) : refuse(schema, value)),
    boolean: (schema) => (value) => (typeof value === 'boolean' ? String(value) : refuse(schema, value)),
    string: (schema) => (value) => (typeof value === 'string' ? jsonString(value) : refuse(schema, value)),
    bytes: (schema) => (value) => (value instanceof Uint8Array ? base64Json(value) : refuse(schema, value)),
    array: (schema) => this.#array(schema),
    map: (schema) => this.#map(schema),
    struct: (schema) => this.#struct(schema),
  }

  #array(schema: Schema): JsonEncoder {
    const item = this.of(schema.valueSchema)
    return (value) => (Array.isArray(value) ? `[${value.map(item).join()}]` : refuse(schema, value))
  }

  #map(schema: Schema): JsonEncoder {
    const keyOf = this.of(schema.keySchema)
    const itemOf = this.of(schema.valueSchema)
    const { maps = 'pairs' } = this.#options
    const asObject = schema.keySchema?.type === 'string' && maps !== 'allEntries'
    return (value) => {
      if (!(value instanceof Map)) return refuse(schema, value)
      if (schema.keySchema === null) throw invalid('The schema of a map has no key schema')
      const parts: string[] = []
      for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
        if (asObject) parts.push(`${fieldName(keyOf(key))}:${itemOf(item)}`)
        else if (maps === 'pairs') parts.push(`[${keyOf(key)},${itemOf(item)}]`)
        else parts.push(`{"key":${keyOf(key)},"value":${itemOf(item)}}`)
      }
      return asObject ? `{${parts.join()}}` : `[${parts.join()}]`
    }
  }

  #struct(schema: Schema): JsonEncoder {
    const write = this.#writer(schema)
    return (value) => (isStruct(value) ? write(value) : refuse(schema, value))
  }

  #writer(schema: Schema, before = '', after = ''): ReturnType<typeof structWriter> {
    const fields = schema.fields.map((field) => ({ name: field.name, write: this.of(field.schema) }))
    return structWriter(fields, before, after)
  }
}

const isStruct = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fieldName = (json: string): string => (json === 'null' ? '"null"' : json)

/** In Java, the default of a struct schema has a different schema: the one without the default. */
export function refuseStructDefault(): never {
  throw invalid('Mismatching schema: cannot serialize the default of a struct to JSON')
}

function integerEncoder(schema: Schema): JsonEncoder {
  return (value) => (Number.isInteger(value) ? String(value) : refuse(schema, value))
}

function expectDecimal(value: unknown) {
  if (isDecimal(value)) return value
  throw invalid(`Invalid type for Decimal, expected BigDecimal but was class ${javaClassOf(value)}`)
}

function expectDate(type: string, value: unknown): Date {
  if (value instanceof Date) {
    if (!Number.isNaN(value.getTime())) return value
    throw invalid(`Invalid value for ${type}: invalid Date`)
  }
  throw invalid(`Invalid type for ${type}, expected Date but was class ${javaClassOf(value)}`)
}

function refuse(schema: Schema, value: unknown): never {
  throw invalid(`Invalid type for ${schema.type.toUpperCase()}: class ${javaClassOf(value)}`)
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
