import { invalidValue, rule, Secret, type Validator } from '../../../../api/index.ts'

/** Optional; an empty secret stands for none, as the default of Java is shown as hidden too. */
export const secret = { type: 'password', default: new Secret('') } as const
/** A setting that Confluent's connector defines for internal use: without a group and a title. */
export const internal = { importance: 'low', group: '', order: -1 } as const

/** Accepts one of the given strings in any case; the message names the value in lower case. Source: EnumValidator. */
export function oneOfLowerCased(...allowed: readonly string[]): Validator {
  const names = allowed.join(', ')
  return {
    ...rule(`[${names}]`, () => undefined, { enum: allowed }),
    check: (key, value) => {
      const lower = String(value).toLowerCase()
      return allowed.includes(lower) ? undefined : invalidValue(key, lower, `String must be one of: ${names}`)
    },
  }
}

/** Accepts one of the given values, with Confluent's message. Source: S3SinkConnectorConfig.oneOfValuesErrorMessage. */
export function oneOfValues(...allowed: readonly string[]): Validator {
  const names = `[${allowed.join(', ')}]`
  return rule(
    names,
    (value) =>
      value === null || allowed.includes(String(value).trim()) ? undefined : `Value must be one of: ${names}`,
    { enum: allowed },
  )
}

/** A rule that refuses some of the values that another one accepts, with a reason. */
export function except(rules: Validator, reasons: Readonly<Record<string, string>>): Validator {
  return {
    ...rules,
    check(key, value) {
      const reason = Object.hasOwn(reasons, String(value)) ? reasons[String(value)] : undefined
      return reason === undefined ? rules.check(key, value) : invalidValue(key, value, reason)
    },
  }
}

/**
 * A setting for a Java class of which only the given ones exist here. `instead` returns what to use instead of another
 * one, if that is known.
 */
export function classAmong(
  allowed: readonly string[],
  instead: (name: string) => string | undefined = () => undefined,
) {
  const names = allowed.join(', ')
  return {
    type: 'class',
    validate: rule(`[${names}]`, (value) => {
      const name = String(value)
      if (value === null || allowed.includes(name)) return undefined
      const hint = instead(name)
      return `Java classes cannot be loaded${hint === undefined ? '' : `; ${hint}`}. Expected one of: ${names}`
    }),
  } as const
}
