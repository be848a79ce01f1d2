/** A JSON value whose numbers are texts after {@link NUMBER}, so that their digits survive. */
export type Json = null | boolean | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** Marks a string as the text of a number. */
export const NUMBER = '\u0001'

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

export function parseRaw(text: string): Json {
  return JSON.parse(
    text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"\\u0001${token}"`)),
  ) as Json
}

/** The inverse of {@link parseRaw}; undefined fields are omitted. */
export function printRaw(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0001([^"]*)"/g, '$1')
}

/** Returns the text of a number; undefined for any other value. */
export const numberText = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.startsWith(NUMBER) ? value.slice(1) : undefined

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
