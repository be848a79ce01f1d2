import type { Secret } from './secret.ts'
import type { Validator } from './validators.ts'

/** What each type of setting is in code once parsed. */
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

/** Names of the types of settings, as definitions and REST answers have them. */
export type ConfigType = keyof ConfigTypes

/** How likely a user has to look at a setting. Source: ConfigDef.Importance. */
export type Importance = 'high' | 'medium' | 'low'

/** How much room a form should give a setting. Source: ConfigDef.Width. */
export type Width = 'none' | 'short' | 'medium' | 'long'

/** Suggests values for a setting, and says whether it matters, given the other settings as written. */
export interface Recommender {
  validValues(props: Readonly<Record<string, string | null>>): readonly string[]
  visible?(props: Readonly<Record<string, string | null>>): boolean
}

/** One setting. The same definition gives types, parsing, validation answers, reference docs and masking. */
export interface ConfigKey<T extends ConfigType = ConfigType> {
  readonly type: T
  readonly importance: Importance
  /** Says what it does, with its unit. */
  readonly doc: string
  /** Absent means required; null means optional with no value. */
  readonly default?: ConfigTypes[T] | null
  readonly validate?: Validator
  readonly group?: string
  /** Place within the group; by default the place in the definition. */
  readonly order?: number
  readonly width?: Width
  readonly displayName?: string
  readonly dependents?: readonly string[]
  readonly recommender?: Recommender
  /** A setting of ours that Kafka Connect does not have; its answers show it only when it was submitted. */
  readonly extension?: boolean
}

type AnyKey = { [T in ConfigType]: ConfigKey<T> }[ConfigType]

/** Settings by their dotted names, in order. */
export type ConfigDef = Readonly<Record<string, AnyKey>>

type Value<K extends AnyKey> = K extends { readonly default: null }
  ? ConfigTypes[K['type']] | null
  : ConfigTypes[K['type']]

/** The parsed shape of a definition: `type Config = Infer<typeof def>`. */
export type Infer<D extends ConfigDef> = { readonly [K in keyof D]: Value<D[K]> }

/** Names a definition so that its type is kept key by key. */
export function defineConfig<const D extends ConfigDef>(def: D): D {
  return def
}
