const FLOAT64 = Symbol.for('headrace.float64')
const FLOAT32 = Symbol.for('headrace.float32')

/**
 * A float without a schema whose plain number would be read as an integer, or whose width matters.
 *
 * A JavaScript number does not say whether `1` was written `1` or `1.0`, yet the JSON that leaves a worker does.
 * So a schemaless 64-bit float is a plain number unless it is a safe integer, and then a `Float64`; a schemaless
 * 32-bit float is always a `Float32`, since it prints with fewer digits. With a schema both are plain numbers.
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

/** A schemaless 32-bit float; see {@link Float64}. */
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

/** By brand, not by class: a plugin may carry its own copy of this package. */
export function isFloat64(value: unknown): value is Float64 {
  return typeof value === 'object' && value !== null && FLOAT64 in value
}

/** By brand, as {@link isFloat64}. */
export function isFloat32(value: unknown): value is Float32 {
  return typeof value === 'object' && value !== null && FLOAT32 in value
}

/** The schemaless form of a 64-bit float. */
export function schemalessFloat(value: number): number | Float64 {
  return Number.isSafeInteger(value) ? new Float64(value) : value
}

/** The canonical form of a 64-bit integer: a number when it is safe, else a bigint. Wraps beyond 64 bits as Java does. */
export function int64(value: bigint | number): number | bigint {
  if (typeof value === 'number') return value
  const wrapped = BigInt.asIntN(64, value)
  return wrapped >= MIN_SAFE && wrapped <= MAX_SAFE ? Number(wrapped) : wrapped
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER)
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
