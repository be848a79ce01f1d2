import type { SchemaInit } from '../../../api/index.ts'

/** How the values of a type are described and read, before anything that depends on the column's place is added. */
export interface BaseReader {
  /** Type, name, version, parameters and parts of the schema; neither optional nor a default nor a doc. */
  readonly schema: Omit<SchemaInit, 'optional' | 'defaultValue' | 'doc'>
  /**
   * Converts the text from `start` to `end`, which is not NULL. Returns null for a value that the type cannot represent
   * and that Debezium also drops. Throws any error for text that cannot be converted; the column decides what follows.
   */
  read(bytes: Buffer, start: number, end: number): unknown
  /** Value of an unchanged TOASTed cell; null if the type has none. */
  readonly unavailable: unknown
  /** Value of a NULL in a field that is not optional, and of a default that is a function such as `now()`. */
  readonly zero: unknown
  /**
   * Converts a literal of a default expression, which has no quotes and no cast. Returns undefined if the type has no
   * defaults in schemas, or if the text is not one of its values. Absent if the type never has a default.
   */
  readonly parseDefault?: ((text: string) => unknown) | undefined
  /**
   * Length for hashed masks and for `__debezium.source.column.length`; undefined if the type has none. Only masks of text
   * types change values.
   */
  readonly length?: number | undefined
  /** Value of `__debezium.source.column.scale`; undefined if the type has none. */
  readonly scale?: number | undefined
  /** Whether masks and truncation change the values: types of the CHAR and VARCHAR family. */
  readonly maskable?: boolean | undefined
  /** Whether elements of arrays are not optional. Only for enums. */
  readonly requiredElement?: boolean | undefined
}
