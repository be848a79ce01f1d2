import { rule, type ConfigDef, type ConfigKey, type Validator } from '../../../../api/index.ts'

/** Types of settings, to be spread into definitions: `'batch.size': { ...int, importance: 'medium', … }`. */

export const text = { type: 'string' } as const
export const secret = { type: 'password' } as const
export const bool = { type: 'boolean' } as const
export const int = { type: 'int' } as const
export const long = { type: 'long' } as const
export const list = { type: 'list' } as const

/** Sets the group of all settings, and their order within it, starting with `first`. */
export function inGroup<const D extends ConfigDef>(group: string, def: D, first = 1): D {
  const grouped = Object.entries<ConfigKey>(def).map(([key, setting], index) => [
    key,
    { ...setting, group, order: first + index },
  ])
  return Object.fromEntries(grouped) as D
}

/** Marks settings that the Java connector does not have. */
export function asExtensions<const D extends ConfigDef>(def: D): D {
  const marked = Object.entries<ConfigKey>(def).map(([key, setting]) => [
    key,
    { ...setting, extension: true },
  ])
  return Object.fromEntries(marked) as D
}

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

/** Recommends the given values, whatever the other settings are. */
export const recommends = (...values: readonly string[]) => ({ recommender: { validValues: () => values } })

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
