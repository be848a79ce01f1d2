/** Validates a setting. */
export interface Validator {
  /** Returns the error message for an invalid value. `value` is parsed; it is null if missing or unparseable. */
  check(key: string, value: unknown): string | undefined
  /** Removes duplicates from a list before the check, except in validation requests. */
  readonly distinct?: boolean
  /** Description in the reference documentation. The same text as Kafka's validator, if there is one. */
  readonly description: string
  /** The equivalent JSON Schema, if there is one. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>
}

/** Returns Kafka's message for an invalid value: `Invalid value 0 for configuration tasks.max: Value must be …`. */
export function invalidValue(key: string, value: unknown, reason?: string): string {
  return `Invalid value ${printed(value)} for configuration ${key}${reason === undefined ? '' : `: ${reason}`}`
}

function printed(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}

/** Accepts a number of at least `min` and, if given, at most `max`. Source: ConfigDef.Range. */
export function between(min: number, max?: number): Validator {
  const reason = (value: unknown): string | undefined => {
    if (value === null) return 'Value must be non-null'
    if (Number(value) < min) return `Value must be at least ${min}`
    return max !== undefined && Number(value) > max ? `Value must be no more than ${max}` : undefined
  }
  return rule(
    `[${min},...${max === undefined ? '' : `,${max}`}]`,
    reason,
    max === undefined ? { minimum: min } : { minimum: min, maximum: max },
  )
}

/** Accepts one of the given strings. Source: ConfigDef.ValidString. */
export function oneOf(...allowed: readonly string[]): Validator {
  const list = allowed.join(', ')
  const reason = (value: unknown) =>
    allowed.includes(String(value)) ? undefined : `String must be one of: ${list}`
  return rule(`[${list}]`, reason, { enum: allowed })
}

/** Accepts one of the given strings in any case. Source: ConfigDef.CaseInsensitiveValidString. */
export function oneOfIgnoringCase(...allowed: readonly string[]): Validator {
  const upper = allowed.map((text) => text.toUpperCase())
  const list = upper.join(', ')
  const reason = (value: unknown) =>
    upper.includes(String(value).toUpperCase())
      ? undefined
      : `String must be one of (case insensitive): ${list}`
  return rule(`(case insensitive) [${list}]`, reason, { pattern: `^(${allowed.map(eitherCase).join('|')})$` })
}

const eitherCase = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)

/** Accepts a non-empty string, or null. Source: ConfigDef.NonEmptyString. */
export const nonEmpty: Validator = rule(
  'non-empty string',
  (value) => (value === '' ? 'String must be non-empty' : undefined),
  { minLength: 1 },
)

/** Accepts a list with at least one element. Source: NonEmptyListValidator. */
export const nonEmptyList: Validator = rule('non-empty list', (value) =>
  Array.isArray(value) && value.length > 0 ? undefined : 'Empty list',
)

/** Creates a validator. `reason` returns why a value is invalid, or undefined if it is valid. */
export function rule(
  description: string,
  reason: (value: unknown) => string | undefined,
  jsonSchema: Readonly<Record<string, unknown>> = {},
): Validator {
  return {
    description,
    jsonSchema,
    check: (key, value) => {
      const text = reason(value)
      return text === undefined ? undefined : invalidValue(key, value, text)
    },
  }
}
