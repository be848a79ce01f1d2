import type { Secret } from './secret.ts'
import type { Validator } from './validators.ts'

/** The TypeScript type of each type of setting, after parsing. */
export interface ConfigTypes {
  string: string
  boolean: boolean
  int: number
  short: number
  long: number
  double: number
  list: readonly string[]
  class: string
  password: Secret
}

/** The type of a setting, as in definitions and REST responses. */
export type ConfigType = keyof ConfigTypes

/** How likely a user needs to change a setting. Source: ConfigDef.Importance. */
export type Importance = 'high' | 'medium' | 'low'

/** The width of the input field for a setting. Source: ConfigDef.Width. */
export type Width = 'none' | 'short' | 'medium' | 'long'

/** Returns valid values and the visibility of a setting, depending on the other settings, which are unparsed. */
export interface Recommender {
  validValues(props: Readonly<Record<string, string | null>>): readonly string[]
  visible?(props: Readonly<Record<string, string | null>>): boolean
}

/** The definition of a setting: used for types, parsing, validation, the reference documentation and masking. */
export interface ConfigKey<T extends ConfigType = ConfigType> {
  readonly type: T
  readonly importance: Importance
  /** Describes the effect of the setting and its unit. */
  readonly doc: string
  /** If absent, the setting is required. If null, it is optional and has no default. */
  readonly default?: ConfigTypes[T] | null
  readonly validate?: Validator
  /** Returns the error messages for a value that does not have the type. Kafka's message if undefined. */
  unparseable?(key: string): readonly string[]
  readonly group?: string
  /** Position within the group. Defaults to the order of the definition. */
  readonly order?: number
  readonly width?: Width
  readonly displayName?: string
  readonly dependents?: readonly string[]
  readonly recommender?: Recommender
  /** A setting that Kafka Connect does not have. Validation responses include it only if the request sets it. */
  readonly extension?: boolean
  /** Valid values as they are written in a config. Shown in the reference and in `/headrace/validate`. */
  readonly examples?: readonly string[]
  /**
   * The replacement of a deprecated setting, such as `topics.regex`. The setting still has its effect; validation warns
   * if it is set.
   */
  readonly deprecated?: string
  /** Version of the plugin that introduced the setting. */
  readonly since?: string
}

type AnyKey = { [T in ConfigType]: ConfigKey<T> }[ConfigType]

/** Setting definitions by their dotted names, in order. */
export type ConfigDef = Readonly<Record<string, AnyKey>>

type Value<K extends AnyKey> = K extends { readonly default: null }
  ? ConfigTypes[K['type']] | null
  : ConfigTypes[K['type']]

/** The type of a parsed configuration: `type Config = Infer<typeof def>`. */
export type Infer<D extends ConfigDef> = { readonly [K in keyof D]: Value<D[K]> }

/** Returns the definition unchanged. Preserves the type of each key for {@link Infer}. */
export function defineConfig<const D extends ConfigDef>(def: D): D {
  return def
}
