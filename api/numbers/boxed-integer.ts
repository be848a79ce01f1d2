const INTEGER = Symbol.for('headrace.integer')

/** Java's integer types: Byte, Short, Integer, Long and BigInteger. */
export type BoxedIntegerType = 'int8' | 'int16' | 'int32' | 'int64' | 'biginteger'

/**
 * An integer without a schema whose Java type is told apart from a `Long`.
 *
 * A plain number or bigint without a schema is a Long, as JSON gives them; steps that treat a narrower one otherwise
 * know it by this. Of Headrace only header texts make one, in lists whose lists hold numbers of several types; it is
 * there for plugins that have to hand on Java's types exactly.
 */
export class BoxedInteger {
  readonly [INTEGER] = true
  readonly type: BoxedIntegerType
  readonly value: number | bigint

  constructor(type: BoxedIntegerType, value: number | bigint) {
    this.type = type
    this.value = value
  }

  valueOf(): number | bigint {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }
}

/** By brand, not by class: a plugin may carry its own copy of this package. */
export function isBoxedInteger(value: unknown): value is BoxedInteger {
  return typeof value === 'object' && value !== null && INTEGER in value
}
