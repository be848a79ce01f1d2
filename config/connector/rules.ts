import { invalidValue, type Validator } from '../../api/index.ts'

/** Whether a character is an ISO control character; connector names must not contain any. */
const isControl = (code: number): boolean => code <= 0x1f || (code >= 0x7f && code <= 0x9f)

/** Source: ConfigDef.NonEmptyStringWithoutControlChars. */
export const plainName: Validator = {
  description: 'non-empty string without ISO control characters',
  jsonSchema: { minLength: 1 },
  check: (key, value) => {
    if (value === null) return undefined
    const text = String(value)
    if (text === '') return invalidValue(key, value, 'String may not be empty')
    const found = Array.from(text, (letter) => letter.charCodeAt(0)).filter(isControl)
    if (found.length === 0) return undefined
    const reason = `String may not contain control sequences but had the following ASCII chars: ${found.join(', ')}`
    return invalidValue(key, value, reason)
  },
}

/** A non-null list without duplicates. Source: ConnectorConfig.aliasValidator. */
export function uniqueAliases(kind: 'transformation' | 'predicate' | 'topic creation'): Validator {
  const what = kind === 'topic creation' ? 'unique topic creation groups' : `unique ${kind} aliases`
  return {
    description: `non-null string, ${what}`,
    check: (key, value) => {
      if (!Array.isArray(value)) return invalidValue(key, value, 'entry must be non null')
      return new Set(value).size === value.length
        ? undefined
        : invalidValue(key, value, 'Duplicate alias provided.')
    },
  }
}
