import { formatParts } from './format.ts'
import { parseParts } from './parse.ts'
import { parsePattern } from './pattern.ts'

/** A pattern of Java's SimpleDateFormat, in UTC and the locale en_US. */
export interface DateFormat {
  readonly pattern: string
  format(date: Date): string
  /** Returns undefined if the start of the string does not match the pattern. */
  parse(text: string): Date | undefined
}

/** Compiles a pattern. Throws `HR_ILLEGAL_ARGUMENT` if it is invalid. */
export function simpleDateFormat(pattern: string): DateFormat {
  const parts = parsePattern(pattern)
  return {
    pattern,
    format: (date) => formatParts(parts, date),
    parse: (text) => parseParts(parts, text),
  }
}
