import { ConnectError, isDecimal, logicalNames, type Schema } from '../../../../api/index.ts'
import {
  dateMs,
  javaClassOf,
  JsonEncoderCache,
  jsonKey,
  printAsObjectMapper,
} from '../../../../java/index.ts'

/** How decimals in structs are written: as base64 of their bytes, or as numbers. */
export type DecimalFormat = 'base64' | 'numeric'

type Row = (value: unknown) => string

/**
 * Compiles functions that serialize the values of a schema as Confluent's JsonFormat does: structs with JsonConverter, and
 * other values with Jackson's ObjectMapper, which knows no schemas. So a decimal is a number if it is not in a struct, and
 * a timestamp milliseconds since the epoch.
 *
 * The functions throw `HR_DATA_INVALID` for values that do not match the schema.
 * Source: JsonRecordWriterProvider. Differs: structs in an array or a map are allowed; ObjectMapper fails there.
 */
export class JsonRows {
  readonly #encoders: JsonEncoderCache
  readonly #rows = new WeakMap<Schema, Row>()
  #lastSchema: Schema | undefined
  #last: Row | undefined

  constructor(decimals: DecimalFormat) {
    this.#encoders = new JsonEncoderCache({ decimals, replaceNullWithDefault: true })
  }

  of(schema: Schema | null): Row {
    if (schema === null) return printAsObjectMapper
    if (schema === this.#lastSchema && this.#last !== undefined) return this.#last
    let row = this.#rows.get(schema)
    if (row === undefined) this.#rows.set(schema, (row = this.#compile(schema)))
    this.#lastSchema = schema
    this.#last = row
    return row
  }

  #compile(schema: Schema): Row {
    const write = logicalRow(schema) ?? this.#plain(schema)
    return (value) => (value === null || value === undefined ? 'null' : write(value))
  }

  #plain(schema: Schema): Row {
    switch (schema.type) {
      case 'array':
        return this.#array(schema)
      case 'map':
        return this.#map(schema)
      default:
        return this.#encoders.of(schema)
    }
  }

  #array(schema: Schema): Row {
    const item = this.of(schema.valueSchema)
    return (value) => (Array.isArray(value) ? `[${value.map(item).join()}]` : refuse(schema, value))
  }

  #map(schema: Schema): Row {
    const { keySchema, valueSchema } = schema
    const item = this.of(valueSchema)
    return (value) => {
      if (!(value instanceof Map)) return refuse(schema, value)
      const parts: string[] = []
      for (const [key, at] of value as ReadonlyMap<unknown, unknown>) {
        parts.push(`${jsonKey(key, keySchema)}:${item(at)}`)
      }
      return `{${parts.join()}}`
    }
  }
}

function logicalRow(schema: Schema): Row | undefined {
  switch (schema.name) {
    case logicalNames.decimal:
      return (value) => (isDecimal(value) ? value.toString() : refuse(schema, value))
    case logicalNames.date:
    case logicalNames.time:
    case logicalNames.timestamp:
      return (value) => (value instanceof Date ? dateMs(value) : refuse(schema, value))
    default:
      return undefined
  }
}

function refuse(schema: Schema, value: unknown): never {
  const type = schema.name ?? schema.type.toUpperCase()
  throw new ConnectError('HR_DATA_INVALID', `Invalid type for ${type}: class ${javaClassOf(value)}`)
}
