import { invalidValue, type Validator } from '../../api/index.ts'

/** Makes a rule accept null. */
export const optional = (validator: Validator): Validator => ({
  ...validator,
  check: (key, value) => (value === null ? undefined : validator.check(key, value)),
})

/** A non-empty list that contains only the allowed values. */
export const listOf = (allowed: readonly string[]): Validator => ({
  description: `non-empty list of ${allowed.join(', ')}`,
  check: (key, value) => {
    const values = (value ?? []) as readonly string[]
    return values.length > 0 && values.every((text) => allowed.includes(text))
      ? undefined
      : invalidValue(key, value, `expected a non-empty list of ${allowed.join(', ')}`)
  },
})
