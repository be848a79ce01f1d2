import { rule, type Validator } from '../../../../api/index.ts'
import { recommends, text } from '../../../shared/setting-rules.ts'

/** Accepts one of the given lower-case names in any case, or null, and recommends them. Source: EnumRecommender. */
export function oneOfNames(...names: readonly string[]) {
  const shown = `[${names.join(', ')}]`
  const validate = rule(
    shown,
    (value) =>
      value === null || names.includes(String(value).toLowerCase())
        ? undefined
        : `Value must be one of: ${shown}`,
    { enum: [...names, ...names.map((name) => name.toUpperCase())] },
  )
  return { ...text, validate, ...recommends(...names) }
}

/** Accepts no value, for settings that cannot be honoured. */
export const refused = (reason: string): Validator =>
  rule('not supported', (value) => (value === null ? undefined : reason))

/** Accepts only the default, for settings of Java itself. */
export const onlyDefault = (expected: string | null, reason: string): Validator =>
  rule(expected === null ? 'not supported' : `[${expected}]`, (value) =>
    value === null || value === expected ? undefined : reason,
  )

const ILLEGAL = /[\\/*?"<>| ,#\-:]/

/** Accepts a part of the name of a data stream. Source: DataStreamNamespaceValidator, DataStreamDatasetValidator. */
export function partOfDataStream(what: string): Validator {
  return rule(
    `A valid ${what} name that is all lowercase, less than 100 characters, and does not contain any spaces or invalid characters \\/*?"<>|,#-:`,
    (value) => {
      const name = String(value ?? '')
      if (name.length > 100) return `The specified ${what} must be no longer than 100 characters.`
      if (name !== name.toLowerCase()) return `The specified ${what} must be in all lowercase.`
      return ILLEGAL.test(name)
        ? `The specified ${what} must not contain any spaces or invalid characters \\/*?"<>|,#-:`
        : undefined
    },
  )
}
