import { formatParts } from './format.ts'
import { parseParts } from './parse.ts'
import { parsePattern } from './pattern.ts'

/** A pattern of Java's SimpleDateFormat, in UTC and the locale en_US. */
export interface DateFormat {
  readonly pattern: string
  format(date: Date): string
  /** Undefined when the text does not begin as the pattern says. */
  parse(text: string): Date | undefined
}

/** Throws `HR_ILLEGAL_ARGUMENT` when the pattern is wrong. */
export function simpleDateFormat(pattern: string): DateFormat {
  const parts = parsePattern(pattern)
  return {
    pattern,
    format: (date) => formatParts(parts, date),
    parse: (text) => parseParts(parts, text),
  }
}
