import {
  ConnectError,
  messageOf,
  type ConfigDef,
  type ConfigKey,
  type Infer,
  type Props,
  type TaskProps,
} from '../../api/index.ts'
import { parseValue, type ResolveClass } from './parse-value.ts'

/** The value of a setting, and its errors. */
export interface ParsedSetting {
  readonly value: unknown
  readonly errors: readonly string[]
}

/**
 * Parses and validates a setting. Collects errors instead of throwing.
 *
 * Source: ConfigDef.parseForValidate, which also validates the null value that a parse error leaves.
 */
export function parseSetting(
  key: string,
  def: ConfigKey,
  props: Props,
  resolve?: ResolveClass,
): ParsedSetting {
  return checked(key, def, readSetting(key, def, props, resolve))
}

/** Like {@link parseSetting}, but removes duplicates from a list whose rule is `distinct`. Source: ConfigDef.parseValue. */
export function parseSettingForUse(
  key: string,
  def: ConfigKey,
  props: Props,
  resolve?: ResolveClass,
): ParsedSetting {
  const { value, errors } = readSetting(key, def, props, resolve)
  const distinct = def.validate?.distinct === true && Array.isArray(value)
  return checked(key, def, { value: distinct ? [...new Set(value)] : value, errors })
}

function checked(key: string, def: ConfigKey, { value, errors }: ParsedSetting): ParsedSetting {
  const broken = def.validate?.check(key, value)
  return { value, errors: broken === undefined ? errors : [...errors, broken] }
}

function readSetting(
  key: string,
  def: ConfigKey,
  props: Props,
  resolve: ResolveClass | undefined,
): ParsedSetting {
  const text = Object.hasOwn(props, key) ? props[key] : undefined
  if (text !== undefined) {
    try {
      return { value: parseValue(key, def.type, text, resolve), errors: [] }
    } catch (error) {
      return { value: null, errors: def.unparseable?.(key) ?? [messageOf(error)] }
    }
  }
  if (def.default !== undefined) return { value: def.default, errors: [] }
  return { value: null, errors: [`Missing required configuration "${key}" which has no default value.`] }
}

/**
 * Parses and validates the settings of a definition. Ignores unknown keys.
 *
 * Throws `HR_CONFIG_INVALID` for the first error, as Kafka does; `configKey` is the setting.
 */
export function parseConfig<D extends ConfigDef>(def: D, props: Props, resolve?: ResolveClass): Infer<D> {
  const config: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(def)) {
    const { value, errors } = parseSettingForUse(key, setting, props, resolve)
    const [first] = errors
    if (first !== undefined) throw new ConnectError('HR_CONFIG_INVALID', first, { configKey: key })
    config[key] = value
  }
  return config as Infer<D>
}

/** Whether each setting has a value of its type that its definition allows, or an allowed default. */
export function isWellFormed(def: ConfigDef, props: Props): boolean {
  return Object.entries(def).every(([key, setting]) => parseSetting(key, setting, props).errors.length === 0)
}

/** Returns the text of a setting, trimmed; undefined if it is not set. */
export function settingText(props: TaskProps, key: string): string | undefined {
  return Object.hasOwn(props, key) ? props[key]?.trim() : undefined
}
