import type { Schema } from './data/index.ts'

const BRAND = Symbol.for('headrace.json-value')

/**
 * How the value converter of a task writes JSON. A source that makes many records can write their values itself, from the
 * bytes that it read, instead of creating an object for each value.
 */
export interface JsonFormat {
  /** Returns a function that writes values of a schema, null included. Throws as the converter does. */
  writerOf(schema: Schema): (value: unknown) => string
}

/**
 * The value of a source record as the JSON text that the value converter would write for it, without a schema around it.
 * Allowed only if `valueJson` of the task's context is defined.
 */
export class JsonValue {
  readonly [BRAND] = true
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Whether a value is a {@link JsonValue}, including one of another copy of this package. */
export function isJsonValue(value: unknown): value is JsonValue {
  return typeof value === 'object' && value !== null && BRAND in value
}
