import { BOOLEAN, FLOAT32, FLOAT64, INT16, INT32, INT64, INT8, STRING } from '../../api/data/builder.ts'
import { Decimal, int64 } from '../../api/numbers/index.ts'
import { toFloat32 } from '../numbers/java-numbers.ts'
import { keyedMap } from '../../api/data/keyed-map.ts'
import { dateSchema, decimalSchema, timeSchema, timestampSchema } from '../../api/data/logical.ts'
import { makeSchema, type Schema } from '../../api/data/schema.ts'
import { ConnectError, isConnectError } from '../../api/errors.ts'
import type { SchemaAndValue } from '../../api/transform.ts'
import { isBlank, javaTrim } from './blanks.ts'
import { isoDate, isoTime, isoTimestamp } from './formats.ts'
import { aligned, sharedSchema } from './merge.ts'
import { Tokens } from './tokens.ts'

/** Deeper lists and maps are read as strings. Java's stack overflows not far beyond this depth. */
const MAX_DEPTH = 500

const LONG_MIN = -(2n ** 63n)
const LONG_MAX = 2n ** 63n - 1n

/** Date formats by the length of the string. */
const temporals = new Map([
  [13, { format: isoTime, schema: timeSchema() }],
  [24, { format: isoTimestamp, schema: timestampSchema() }],
  [10, { format: isoDate, schema: dateSchema() }],
])

/**
 * Infers the value that a string represents: a number, boolean, date, list or map, or the string itself.
 *
 * Throws {@link NoMoreTokens} for some truncated strings. Source: Values.parseString.
 */
export function parseValueText(text: string | null): SchemaAndValue {
  if (text === null) return nothing
  if (text === '') return { schema: STRING, value: '' }
  return new ValueParser(new Tokens(text)).parse(false) ?? nothing
}

const nothing: SchemaAndValue = Object.freeze({ schema: null, value: null })

class ValueParser {
  readonly #tokens: Tokens
  #depth = 0

  constructor(tokens: Tokens) {
    this.#tokens = tokens
  }

  /** Returns undefined for `null`. */
  parse(embedded: boolean): SchemaAndValue | undefined {
    const tokens = this.#tokens
    if (!tokens.hasNext) return undefined
    if (embedded && tokens.consume('"')) return this.#quoted()
    if (this.#isLiteral('null', embedded)) return undefined
    if (this.#isLiteral('true', embedded)) return { schema: BOOLEAN, value: true }
    if (this.#isLiteral('false', embedded)) return { schema: BOOLEAN, value: false }
    const start = tokens.mark()
    try {
      if (tokens.consume('[')) return this.#nested(() => this.#list())
      if (tokens.consume('{')) return this.#nested(() => this.#map())
    } catch (error) {
      if (!isConnectError(error)) throw error
      tokens.rewind(start) // not a list or map after all
    }
    const token = tokens.next()
    if (isBlank(token)) return { schema: STRING, value: token }
    return this.#single(javaTrim(token), embedded)
  }

  #nested(parse: () => SchemaAndValue): SchemaAndValue {
    if (this.#depth >= MAX_DEPTH) throw invalid(`The nesting depth of lists and maps exceeds ${MAX_DEPTH}`)
    this.#depth++
    try {
      return parse()
    } finally {
      this.#depth--
    }
  }

  #isLiteral(literal: string, embedded: boolean): boolean {
    const start = this.#tokens.mark()
    if (this.#tokens.consume(literal) && (embedded || !this.#tokens.hasNext)) return true
    this.#tokens.rewind(start)
    return false
  }

  #single(token: string, embedded: boolean): SchemaAndValue {
    const startsWithDigit = /^\p{Nd}/u.test(token)
    const temporal = startsWithDigit ? this.#temporalOf(token) : undefined
    if (temporal !== undefined) return temporal
    const number = startsWithDigit || /^[+-]/.test(token) ? parseNumber(token) : undefined
    if (number !== undefined) return number
    if (embedded) throw invalid('Failed to parse embedded value')
    return { schema: STRING, value: this.#tokens.original }
  }

  /** A time contains colons, which are separate tokens. */
  #temporalOf(token: string): SchemaAndValue | undefined {
    const start = this.#tokens.mark()
    const rest = this.#tokens.take(4)
    const long = rest === undefined ? undefined : parseTemporal(token + rest)
    if (long !== undefined) return long
    this.#tokens.rewind(start)
    return parseTemporal(token)
  }

  #quoted(): SchemaAndValue {
    let content = ''
    while (this.#tokens.hasNext && !this.#tokens.consume('"')) content += this.#tokens.next()
    return parseTemporal(content) ?? { schema: STRING, value: content }
  }

  #list(): SchemaAndValue {
    const tokens = this.#tokens
    const items: (SchemaAndValue | undefined)[] = []
    while (tokens.hasNext) {
      if (tokens.consume(']')) {
        const valueSchema = sharedSchema(items)
        const value = items.map((item) => aligned(valueSchema, item))
        return { schema: makeSchema({ type: 'array', valueSchema }), value }
      }
      if (tokens.consume(',')) throw invalid(`Unable to parse an empty array element: ${tokens.original}`)
      items.push(this.parse(true))
      const mark = tokens.mark()
      if (tokens.consume(']')) tokens.rewind(mark)
      else if (!tokens.consume(',')) throw invalid("Array elements missing ',' delimiter")
    }
    throw invalid(`Array is missing terminating ']': ${tokens.original}`)
  }

  #map(): SchemaAndValue {
    const tokens = this.#tokens
    const keys: SchemaAndValue[] = []
    const values: (SchemaAndValue | undefined)[] = []
    while (tokens.hasNext) {
      if (tokens.consume('}')) return mapOf(keys, values)
      if (tokens.consume(','))
        throw invalid(`Unable to parse a map entry with no key or value: ${tokens.original}`)
      const key = this.parse(true)
      if (key === undefined || key.value === null)
        throw invalid(`Map entry may not have a null key: ${tokens.original}`)
      if (!tokens.consume(':')) throw invalid(`Map entry is missing ':' in ${tokens.original}`)
      keys.push(key)
      values.push(this.parse(true))
      tokens.consume(',')
    }
    throw invalid(`Map is missing terminating '}': ${tokens.original}`)
  }
}

/** The values have a schema only if the keys have one. */
function mapOf(
  keys: readonly SchemaAndValue[],
  values: readonly (SchemaAndValue | undefined)[],
): SchemaAndValue {
  const keySchema = sharedSchema(keys)
  const valueSchema = keySchema === null ? null : sharedSchema(values)
  const entries = keys.map(
    (key, index) => [aligned(keySchema, key), aligned(valueSchema, values[index])] as const,
  )
  return { schema: makeSchema({ type: 'map', keySchema, valueSchema }), value: keyedMap(entries) }
}

function parseTemporal(text: string): SchemaAndValue | undefined {
  const plain = text.replaceAll('\\:', ':')
  const temporal = temporals.get(plain.length)
  const value = temporal?.format.parse(plain)
  return temporal === undefined || value === undefined ? undefined : { schema: temporal.schema, value }
}

/** Parses a number into the smallest type that fits: an integer if it is integral, else a float, else a decimal. */
function parseNumber(token: string): SchemaAndValue | undefined {
  const decimal = Decimal.parse(token)
  if (decimal === undefined) return undefined
  const whole = wholeValue(decimal)
  if (whole !== undefined) return { schema: integerSchema(whole), value: int64(whole) }
  const double = decimal.toNumber()
  const float = toFloat32(decimal)
  if (Number.isFinite(float) && decimal.scale !== 0) return { schema: FLOAT32, value: float }
  if (Number.isFinite(double) && decimal.scale !== 0) return { schema: FLOAT64, value: double }
  return { schema: decimalSchema(decimal.scale), value: decimal }
}

/** Returns the value if it is integral and fits into 64 bits. */
function wholeValue(decimal: Decimal): bigint | undefined {
  // Avoids computing huge powers of ten if the result cannot fit into 64 bits
  if (decimal.unscaled === 0n) return 0n
  if (decimal.scale < -19 || decimal.scale > String(decimal.unscaled).length) return undefined
  const whole = decimal.toBigInt()
  const exact = decimal.scale <= 0 || decimal.unscaled === whole * 10n ** BigInt(decimal.scale)
  return exact && whole >= LONG_MIN && whole <= LONG_MAX ? whole : undefined
}

function integerSchema(value: bigint): Schema {
  if (value === BigInt.asIntN(8, value)) return INT8
  if (value === BigInt.asIntN(16, value)) return INT16
  return value === BigInt.asIntN(32, value) ? INT32 : INT64
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
