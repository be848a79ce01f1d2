import { invalidValue, type Validator } from '../../api/index.ts'

/** A rule for a setting that may also be without a value. */
export const optional = (validator: Validator): Validator => ({
  ...validator,
  check: (key, value) => (value === null ? undefined : validator.check(key, value)),
})

/** A list of at least one of those texts, and of no others. */
export const listOf = (allowed: readonly string[]): Validator => ({
  description: `non-empty list of ${allowed.join(', ')}`,
  check: (key, value) => {
    const values = (value ?? []) as readonly string[]
    return values.length > 0 && values.every((text) => allowed.includes(text))
      ? undefined
      : invalidValue(key, value, `expected some of ${allowed.join(', ')}`)
  },
})
