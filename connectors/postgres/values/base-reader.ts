import type { SchemaInit } from '../../../api/index.ts'

/** How the values of a type are described and read, before anything that depends on the column's place is added. */
export interface BaseReader {
  /** Everything but what the column adds. */
  readonly schema: Omit<SchemaInit, 'optional' | 'defaultValue'>
  /**
   * Converts the text from `start` to `end`, which is not NULL. May return null. Throws any error for text that cannot be
   * converted; the column decides what follows.
   */
  readonly read: (bytes: Buffer, start: number, end: number) => unknown
  /** Value of an unchanged TOASTed cell; null if the type has none. */
  readonly unavailable: unknown
  /** Value of a NULL in a field that is not optional. */
  readonly zero: unknown
  /**
   * Converts a literal of a default expression, which has no quotes and no cast. Returns undefined if the text is not a
   * value of the type. Absent if fields of this type never have a default.
   */
  readonly parseDefault?: ((text: string) => unknown) | undefined
  /** Literal that replaces a default which is a function, such as `now()`. Absent if there is none. */
  readonly generatedDefault?: string | undefined
  /** Whether masks and truncation change the values: types of the CHAR and VARCHAR family. */
  readonly maskable?: boolean | undefined
  /** Whether the field is optional even if the column is NOT NULL. */
  readonly alwaysOptional?: boolean | undefined
  /** Whether elements of arrays are not optional. */
  readonly requiredElement?: boolean | undefined
}
