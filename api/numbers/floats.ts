const FLOAT64 = Symbol.for('headrace.float64')
const FLOAT32 = Symbol.for('headrace.float32')

/**
 * A schemaless 64-bit float whose value is an integer.
 *
 * A JavaScript number does not distinguish `1` from `1.0`, but the JSON that a worker writes does. A schemaless 64-bit
 * float is therefore a `Float64` if it is a safe integer, and a plain number otherwise. A schemaless 32-bit float is
 * always a `Float32`, because it is printed with fewer digits. With a schema, both are plain numbers.
 */
export class Float64 {
  readonly [FLOAT64] = true
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
  valueOf(): number {
    return this.value
  }
}

/** A schemaless 32-bit float. See {@link Float64}. */
export class Float32 {
  readonly [FLOAT32] = true
  readonly value: number
  constructor(value: number) {
    this.value = Math.fround(value)
  }
  valueOf(): number {
    return this.value
  }
}

/** Whether a value is a {@link Float64}, including one of another copy of this package. */
export function isFloat64(value: unknown): value is Float64 {
  return typeof value === 'object' && value !== null && FLOAT64 in value
}

/** Whether a value is a {@link Float32}, including one of another copy of this package. */
export function isFloat32(value: unknown): value is Float32 {
  return typeof value === 'object' && value !== null && FLOAT32 in value
}

/** Returns the schemaless representation of a 64-bit float. */
export function schemalessFloat(value: number): number | Float64 {
  return Number.isSafeInteger(value) ? new Float64(value) : value
}

/** Returns a 64-bit integer as a number if it is safe, or else as a bigint. Wraps beyond 64 bits, as in Java. */
export function int64(value: bigint | number): number | bigint {
  if (typeof value === 'number') return value
  const wrapped = BigInt.asIntN(64, value)
  return wrapped >= MIN_SAFE && wrapped <= MAX_SAFE ? Number(wrapped) : wrapped
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER)
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
