/** A rule for one setting. */
export interface Validator {
  /** The message for a parsed value that breaks the rule. `value` is null where there is none or it did not parse. */
  check(key: string, value: unknown): string | undefined
  /** Values that a list repeats are dropped before the rule is asked, except where settings are only validated. */
  readonly distinct?: boolean
  /** How references describe the rule; the text of Kafka's own validators where there is one. */
  readonly description: string
  /** The rule as JSON Schema, where it can be said so. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>
}

/** Kafka's words for a value that cannot be: `Invalid value 0 for configuration tasks.max: Value must be …`. */
export function invalidValue(key: string, value: unknown, reason?: string): string {
  return `Invalid value ${printed(value)} for configuration ${key}${reason === undefined ? '' : `: ${reason}`}`
}

function printed(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}

/** A number of at least `min` and, when given, at most `max`. Source: ConfigDef.Range. */
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

/** One of those texts, exactly. Source: ConfigDef.ValidString. */
export function oneOf(...allowed: readonly string[]): Validator {
  const list = allowed.join(', ')
  const reason = (value: unknown) =>
    allowed.includes(String(value)) ? undefined : `String must be one of: ${list}`
  return rule(`[${list}]`, reason, { enum: allowed })
}

/** One of those texts in any case. Source: ConfigDef.CaseInsensitiveValidString. */
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

/** Not empty; no value at all is allowed. Source: ConfigDef.NonEmptyString. */
export const nonEmpty: Validator = rule(
  'non-empty string',
  (value) => (value === '' ? 'String must be non-empty' : undefined),
  { minLength: 1 },
)

/** At least one element. Source: NonEmptyListValidator. */
export const nonEmptyList: Validator = rule('non-empty list', (value) =>
  Array.isArray(value) && value.length > 0 ? undefined : 'Empty list',
)

/** A rule by the reason why a value breaks it. */
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
