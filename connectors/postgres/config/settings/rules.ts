import { rule, type ConfigDef, type ConfigKey, type Validator } from '../../../../api/index.ts'
import { recommends, text } from '../../../shared/setting-rules.ts'

/**
 * Types and rules of settings with Debezium's messages. Each rule is spread into a definition:
 * `'max.batch.size': { ...positiveInt, default: 2048, … }`. Source: io.debezium.config.Field.
 */

/** Returns Debezium's message for an invalid value. Source: Field.validationOutput. */
export function invalid(key: string, reason: string): string {
  return `The '${key}' value is invalid: ${reason}`
}

const INT = 'An integer is expected'
const LONG = 'A long value is expected'
const BOOLEAN = "Either 'true' or 'false' is expected"
const POSITIVE_INT = 'A positive, non-zero integer value is expected'
const NON_NEGATIVE_INT = 'An non-negative integer is expected'
const POSITIVE_LONG = 'A positive, non-zero long value is expected'
const NON_NEGATIVE_LONG = 'A non-negative long value is expected'

const unparseable =
  (...reasons: readonly string[]) =>
  (key: string): readonly string[] =>
    reasons.map((reason) => invalid(key, reason))

/** A rule for values that exist: settings without a value and without a default are valid. */
function validator(description: string, reason: (value: unknown) => string | undefined): Validator {
  return {
    ...rule(description, reason),
    check: (key, value) => {
      const fault = value === null ? undefined : reason(value)
      return fault === undefined ? undefined : invalid(key, fault)
    },
  }
}

const positive = (reason: string): Validator =>
  validator('[1,...]', (value) => (Number(value) > 0 ? undefined : reason))

const nonNegative = (reason: string): Validator =>
  validator('[0,...]', (value) => (Number(value) >= 0 ? undefined : reason))

/** Debezium checks some settings twice, by their type and by a rule, and then reports both messages. */
export const className = { type: 'class' } as const
export const bool = { type: 'boolean', unparseable: unparseable(BOOLEAN) } as const
export const checkedBool = { type: 'boolean', unparseable: unparseable(BOOLEAN, BOOLEAN) } as const
export const int = { type: 'int', unparseable: unparseable(INT) } as const
export const checkedInt = { type: 'int', unparseable: unparseable(INT, INT) } as const
export const long = { type: 'long', unparseable: unparseable(LONG) } as const
export const intAsLong = { type: 'long', unparseable: unparseable(LONG, INT) } as const
export const positiveInt = {
  type: 'int',
  unparseable: unparseable(INT, POSITIVE_INT),
  validate: positive(POSITIVE_INT),
} as const
export const nonNegativeInt = {
  type: 'int',
  unparseable: unparseable(INT, NON_NEGATIVE_INT),
  validate: nonNegative(NON_NEGATIVE_INT),
} as const
export const positiveIntAsLong = {
  type: 'long',
  unparseable: unparseable(LONG, POSITIVE_INT),
  validate: positive(POSITIVE_INT),
} as const
export const positiveLong = {
  type: 'long',
  unparseable: unparseable(LONG, POSITIVE_LONG),
  validate: positive(POSITIVE_LONG),
} as const
export const nonNegativeLong = {
  type: 'long',
  unparseable: unparseable(LONG, NON_NEGATIVE_LONG),
  validate: nonNegative(NON_NEGATIVE_LONG),
} as const

/** A string with fixed values, in any case. The values are in the order of Debezium's messages. */
export function mode<const V extends string>(...values: readonly V[]) {
  const expected = `Value must be one of ${values.join(', ')}`
  const known: readonly string[] = values
  return {
    ...text,
    validate: validator(`(case insensitive) [${values.join(', ')}]`, (value) =>
      known.includes(String(value).trim().toLowerCase()) ? undefined : expected,
    ),
    ...recommends(...values),
  } as const
}

/**
 * Sets the group of all settings, and their order within it, starting with 1. A setting that has an order keeps it, and
 * the count continues there.
 */
export function inGroup<const D extends ConfigDef>(group: string, def: D): D {
  let last = 0
  const grouped = Object.entries<ConfigKey>(def).map(([key, setting]) => {
    last = setting.order ?? last + 1
    return [key, { ...setting, group, order: last }] as const
  })
  return Object.fromEntries(grouped) as D
}
