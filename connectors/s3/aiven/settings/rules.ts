import { invalidValue, rule, type Validator } from '../../../../api/index.ts'

export const text = { type: 'string', default: null } as const
export const secret = { type: 'password', default: null } as const
export const medium = { importance: 'medium' } as const
export const low = { importance: 'low' } as const

/** Aiven's connector shows the names of settings as their titles. */
export const optional = (reason: (value: string) => string | undefined, description: string): Validator =>
  rule(description, (value) => (value === null ? undefined : reason(String(value))))

/** Source: NonEmptyPassword. The message does not contain the value. */
export const nonEmptySecret: Validator = {
  ...rule('non-empty password', () => undefined),
  check: (key, value) =>
    value !== null && (value as { reveal(): string }).reveal() === ''
      ? invalidValue(key, '[hidden]', 'Password must be non-empty')
      : undefined,
}

/** Accepts a name in any case. Source: the validators of Aiven's commons. */
export const named = (names: readonly string[], reason: string): Validator =>
  rule(names.map((name) => `'${name}'`).join(', '), (value) =>
    value === null || names.includes(String(value).toLowerCase()) ? undefined : reason,
  )
