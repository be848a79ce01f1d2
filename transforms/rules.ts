import { invalidValue, type Validator } from '../api/index.ts'

/** A list of names that names nothing twice, and nothing empty. Source: ConfigDef.ValidList.anyNonDuplicateValues. */
const distinctNames = (mayBeEmpty: boolean): Validator => ({
  description: '',
  distinct: true,
  check: (key, value) => {
    if (value === null) return `Configuration '${key}' values must not be null.`
    const values = value as readonly string[]
    if (values.length === 0 && !mayBeEmpty)
      return `Configuration '${key}' must not be empty. Valid values include: any non-empty value`
    if (new Set(values).size !== values.length) return `Configuration '${key}' values must not be duplicated.`
    return values.includes('') ? `Configuration '${key}' values must not be empty.` : undefined
  },
})

/** At least one name. */
export const names: Validator = distinctNames(false)

/** Any number of names, none at all too. */
export const anyNames: Validator = distinctNames(true)

/** Not null. Source: ConfigDef.NonNullValidator. */
export const nonNull: Validator = {
  description: 'non-null string',
  check: (key, value) => (value === null ? invalidValue(key, null, 'entry must be non null') : undefined),
}

/** Pairs such as `foo:bar`, of which a check tells what is wrong. */
export const pairs = (faultOf: (value: readonly string[] | null) => string | undefined): Validator => ({
  description: 'list of colon-delimited pairs, e.g. <code>foo:bar,abc:xyz</code>',
  check: (_key, value) => faultOf(value as readonly string[] | null),
})

/** As Java's `String.split`, which leaves out empty parts at the end. */
export function javaParts(text: string, separator: string): readonly string[] {
  return text === '' ? [text] : withoutTrailingBlanks(text.split(separator))
}

/** Empty parts at the end count for nothing. */
export function withoutTrailingBlanks(parts: readonly string[]): readonly string[] {
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1)
}

export const colonParts = (text: string): readonly string[] => javaParts(text, ':')
