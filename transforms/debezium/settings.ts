import {
  invalidValue,
  messageOf,
  oneOfIgnoringCase,
  type ConfigDef,
  type Infer,
  type Validator,
} from '../../api/index.ts'
import { compileJavaRegex, validRegex } from '../../java/index.ts'

/** Replaces nulls in the settings with their defaults. Source: Debezium's Configuration. */
export function nullsAsDefaults<D extends ConfigDef>(def: D, config: Infer<D>): Infer<D> {
  const given = config as Readonly<Record<string, unknown>>
  const entries = Object.entries(def).map(([key, setting]) => [key, given[key] ?? setting.default ?? null])
  return Object.fromEntries(entries) as Infer<D>
}

/** Accepts one of the values in any case; null means the default. Source: Field.EnumRecommender, called by ConfigDef. */
export const anyCaseOf = (...allowed: readonly string[]): Validator => literals(allowed, (_key, text) => text)

/** Like {@link anyCaseOf}, with the message of Debezium's own validation. Source: Field.validationOutput. */
export const checkedAnyCaseOf = (...allowed: readonly string[]): Validator => literals(allowed, asInvalid)

function literals(allowed: readonly string[], words: (key: string, reason: string) => string): Validator {
  return {
    ...oneOfIgnoringCase(...allowed),
    check: (key, value) => {
      if (value === null || allowed.includes(String(value).toLowerCase())) return undefined
      return invalidValue(key, value, words(key, `Value must be one of ${allowed.join(', ')}`))
    },
  }
}

/** Accepts a Java regular expression; null means the default. Source: Field.isRegex. */
export const checkedRegex: Validator = {
  ...validRegex,
  check: (key, value) => {
    try {
      if (value !== null) compileJavaRegex(String(value))
      return undefined
    } catch (error) {
      const reason = `A valid regular expressions is expected, but ${messageOf(error)}`
      return invalidValue(key, value, asInvalid(key, reason))
    }
  },
}

export function asInvalid(key: string, reason: string): string {
  return `The '${key}' value is invalid: ${reason}`
}
