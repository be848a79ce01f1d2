import { invalidValue, type Validator } from '../api/index.ts'
import { nonDuplicateValues } from '../java/index.ts'

/** Accepts one or more names. */
export const names: Validator = nonDuplicateValues(false)

/** Accepts any number of names, including none. */
export const anyNames: Validator = nonDuplicateValues(true)

/** Rejects null. Source: ConfigDef.NonNullValidator. */
export const nonNull: Validator = {
  description: 'non-null string',
  check: (key, value) => (value === null ? invalidValue(key, null, 'entry must be non null') : undefined),
}

/** Accepts a list of pairs such as `foo:bar`. `faultOf` returns the error message for an invalid list. */
export const pairs = (faultOf: (value: readonly string[] | null) => string | undefined): Validator => ({
  description: 'list of colon-delimited pairs, e.g. <code>foo:bar,abc:xyz</code>',
  check: (_key, value) => faultOf(value as readonly string[] | null),
})

/** Splits a string like Java's `String.split`, which drops trailing empty parts. */
export function javaParts(text: string, separator: string): readonly string[] {
  return text === '' ? [text] : withoutTrailingBlanks(text.split(separator))
}

/** Drops trailing empty parts. */
export function withoutTrailingBlanks(parts: readonly string[]): readonly string[] {
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1)
}

export const colonParts = (text: string): readonly string[] => javaParts(text, ':')
