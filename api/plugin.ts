import type { ConfigDef, Infer } from './config/index.ts'
import type { Connector } from './connector.ts'
import type { Converter } from './converter.ts'
import type { Predicate, Transform } from './transform.ts'

/** The values of one path of a config provider, and how long they hold. */
export interface ProvidedConfig {
  readonly data: Readonly<Record<string, string>>
  /** Milliseconds after which the connector is restarted with fresh values; undefined: never. */
  readonly ttlMs?: number
}

/** Resolves `${name:path:key}` in worker and connector configs. Source: ConfigProvider (KIP-297). */
export interface ConfigProvider<D extends ConfigDef = ConfigDef> {
  readonly kind: 'configprovider'
  readonly name: string
  readonly version: string
  readonly config: D
  open(config: Infer<D>): ConfigProviderInstance
}

/** A config provider at work. It is asked at the start of a worker, and of each connector and task. */
export interface ConfigProviderInstance {
  /** `keys` undefined: all of the path. A key that does not exist is left out. */
  get(path: string, keys?: ReadonlySet<string>): Promise<ProvidedConfig>
}

/* Each entry has a configuration of its own, and a list of them cannot name them all: hence `any`. */
type Any = any // oxlint-disable-line typescript/no-explicit-any

/** What a plugin package exports by default from the file that its package.json names under `headrace`. */
export interface Plugin {
  readonly connectors?: readonly Any[]
  readonly transforms?: readonly Any[]
  readonly predicates?: readonly Any[]
  readonly converters?: readonly Any[]
  readonly configProviders?: readonly Any[]
}

/** A plugin's entries once they are checked to be what they claim. */
export type PluginEntry = Connector | Transform | Predicate | Converter | ConfigProvider
