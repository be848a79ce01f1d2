import type { ConfigDef, Infer } from './config/index.ts'
import type { Connector } from './connector.ts'
import type { Converter } from './converter.ts'
import type { Predicate, Transform } from './transform.ts'

/** The values at one path of a config provider, and how long they are valid. */
export interface ProvidedConfig {
  readonly data: Readonly<Record<string, string>>
  /** Milliseconds after which the connector is restarted with new values. Never, if undefined. */
  readonly ttlMs?: number
}

/** Resolves `${name:path:key}` in worker and connector configurations. Source: ConfigProvider (KIP-297). */
export interface ConfigProvider<D extends ConfigDef = ConfigDef> {
  readonly kind: 'configprovider'
  readonly name: string
  readonly version: string
  readonly config: D
  open(config: Infer<D>): ConfigProviderInstance
}

/** An open config provider. Called when the worker starts, and when each connector and task starts. */
export interface ConfigProviderInstance {
  /** Resolves to the values of the given keys, or of all keys if `keys` is undefined. Omits keys that do not exist. */
  get(path: string, keys?: ReadonlySet<string>): Promise<ProvidedConfig>
}

/* Each entry has a different configuration type, which a list cannot express. */
type Any = any // oxlint-disable-line typescript/no-explicit-any

/** The default export of a plugin package, in the file that its package.json names under `headrace`. */
export interface Plugin {
  readonly connectors?: readonly Any[]
  readonly transforms?: readonly Any[]
  readonly predicates?: readonly Any[]
  readonly converters?: readonly Any[]
  readonly configProviders?: readonly Any[]
}

/** A validated entry of a plugin. */
export type PluginEntry = Connector | Transform | Predicate | Converter | ConfigProvider
