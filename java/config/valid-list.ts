import type { Validator } from '../../api/index.ts'

/**
 * Accepts a list of distinct, non-empty values. An empty list is accepted if `mayBeEmpty` is true.
 *
 * Source: ConfigDef.ValidList.anyNonDuplicateValues.
 */
export const nonDuplicateValues = (mayBeEmpty: boolean): Validator => ({
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
