const INTEGER = Symbol.for('headrace.integer')

/** Java's integer types: Byte, Short, Integer, Long and BigInteger. */
export type BoxedIntegerType = 'int8' | 'int16' | 'int32' | 'int64' | 'biginteger'

/**
 * A schemaless integer whose Java type is not `Long`.
 *
 * A plain number or bigint without a schema is a Long, as in parsed JSON. Some transforms treat other integer types
 * differently. Headrace itself creates boxed integers only when it parses header values, in nested lists with numbers
 * of different types. Plugins can use them to preserve Java types exactly.
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

/** Whether a value is a {@link BoxedInteger}, including one of another copy of this package. */
export function isBoxedInteger(value: unknown): value is BoxedInteger {
  return typeof value === 'object' && value !== null && INTEGER in value
}
