import type { Validator } from '../api/index.ts'

/** A list of names that is not empty and names nothing twice. Source: ConfigDef.ValidList.anyNonDuplicateValues. */
export const nonEmptyFields: Validator = {
  description: 'non-empty list',
  check: (key, value) => {
    if (value === null) return `Configuration '${key}' values must not be null.`
    const values = value as readonly string[]
    if (values.length === 0)
      return `Configuration '${key}' must not be empty. Valid values include: any non-empty value`
    if (new Set(values).size !== values.length) return `Configuration '${key}' values must not be duplicated.`
    return values.includes('') ? `Configuration '${key}' values must not be empty.` : undefined
  },
}
