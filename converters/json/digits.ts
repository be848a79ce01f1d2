import { logicalNames, type Schema } from '../../api/index.ts'
import { type JsonParseOptions } from '../../java/index.ts'

/** Thrown while decoding if the result depends on digits that a double has lost. */
class DigitsNeeded extends Error {}

const digitsNeeded = new DigitsNeeded()

/**
 * Decodes numbers as doubles, which is fast, and retries with exact numbers if a double is not precise enough. Uses
 * exact numbers from the start if `exact` is true.
 */
export function withDigits<T>(
  exact: boolean,
  decode: (decimals: NonNullable<JsonParseOptions['decimals']>) => T,
): T {
  if (exact) return decode('exact')
  try {
    return decode('double')
  } catch (error) {
    if (error !== digitsNeeded) throw error
    return decode('exact')
  }
}

const bits = new Uint32Array(2)
const double = new Float64Array(bits.buffer)
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1
const BELOW_FLOAT = 0x1fff_ffff
const MIDDLE = 0x1000_0000

/** Rounds to 32 bits. A double halfway between two floats may itself be rounded, so the exact digits decide. */
export function float32Of(value: number): number {
  const float = Math.fround(value)
  if (float === value || Number.isSafeInteger(value)) return float
  double[0] = value
  if (((bits[LOW] ?? 0) & BELOW_FLOAT) === MIDDLE) throw digitsNeeded
  return float
}

/** Returns the integral part of a number, if a double represents it exactly. */
export function safeWhole(value: number): number {
  const whole = Math.trunc(value)
  if (!Number.isSafeInteger(whole)) throw digitsNeeded
  return whole + 0
}

const withDecimals = new WeakMap<Schema, boolean>()

/** Whether the schema contains decimals, which a double cannot represent. */
export function hasDecimal(schema: Schema | null): boolean {
  if (schema === null) return false
  let known = withDecimals.get(schema)
  if (known === undefined) {
    const parts = [schema.keySchema, schema.valueSchema, ...schema.fields.map((field) => field.schema)]
    known = schema.name === logicalNames.decimal || parts.some(hasDecimal)
    withDecimals.set(schema, known)
  }
  return known
}
