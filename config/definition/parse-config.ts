import {
  ConnectError,
  messageOf,
  type ConfigDef,
  type ConfigKey,
  type Infer,
  type Props,
} from '../../api/index.ts'
import { parseValue, type ResolveClass } from './parse-value.ts'

/** What became of one setting: its value, and all that is wrong with it. */
export interface ParsedSetting {
  readonly value: unknown
  readonly errors: readonly string[]
}

/**
 * Reads one setting and applies its rule. Collects errors instead of throwing.
 *
 * Source: ConfigDef.parseForValidate: the rule is also asked about the null that a failed parse leaves behind.
 */
export function parseSetting(
  key: string,
  def: ConfigKey,
  props: Props,
  resolve?: ResolveClass,
): ParsedSetting {
  const errors: string[] = []
  const value = readSetting(key, def, props, resolve, errors)
  const broken = def.validate?.check(key, value)
  if (broken !== undefined) errors.push(broken)
  return { value, errors }
}

function readSetting(
  key: string,
  def: ConfigKey,
  props: Props,
  resolve: ResolveClass | undefined,
  errors: string[],
): unknown {
  const text = Object.hasOwn(props, key) ? props[key] : undefined
  if (text !== undefined) {
    try {
      return parseValue(key, def.type, text, resolve)
    } catch (error) {
      errors.push(messageOf(error))
      return null
    }
  }
  if (def.default === undefined) {
    errors.push(`Missing required configuration "${key}" which has no default value.`)
    return null
  }
  return def.default
}

/**
 * The typed settings of a definition. Keys that it does not know are ignored.
 *
 * Throws `HR_CONFIG_INVALID` with the first fault, as Kafka does; `configKey` names the setting.
 */
export function parseConfig<D extends ConfigDef>(def: D, props: Props, resolve?: ResolveClass): Infer<D> {
  const config: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(def)) {
    const { value, errors } = parseSetting(key, setting, props, resolve)
    const [first] = errors
    if (first !== undefined) throw new ConnectError('HR_CONFIG_INVALID', first, { configKey: key })
    config[key] = value
  }
  return config as Infer<D>
}

/** The settings below a prefix, without it: `transforms.a.field` under `transforms.a.` is `field`. */
export function withPrefix<V extends string | null>(
  props: Readonly<Record<string, V>>,
  prefix: string,
): Record<string, V> {
  return Object.fromEntries(
    Object.entries(props)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  )
}
