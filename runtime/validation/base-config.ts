import type { ConfigDef, ConfigKey, ConverterRole, Props, Validator } from '../../api/index.ts'
import {
  commonConfig,
  sinkConnectorConfig,
  sourceConnectorConfig,
  type KnownClasses,
} from '../../config/index.ts'
import { versionRequirement, type PluginRegistry } from '../plugins/index.ts'
import { classFault, resolveClass } from './classes.ts'

type ConnectorKind = 'source' | 'sink'

const roles: readonly ConverterRole[] = ['key', 'value', 'header']
const HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

/**
 * The common settings of a connector for a given version.
 *
 * Source: ConnectorConfig.enrichedConfigDef(plugins, class).
 */
export function commonSettings(kind: ConnectorKind, version: string, known?: KnownClasses): ConfigDef {
  const def = kind === 'source' ? sourceConnectorConfig(known) : sinkConnectorConfig(known)
  return withDefault(def, 'connector.plugin.version', version)
}

/**
 * The common settings of all connectors, for a class about which nothing else is known.
 *
 * Source: ConnectorConfig.enrichedConfigDef(plugins, class), whose recommenders have no values.
 */
export function bareSettings(version: string): ConfigDef {
  const hidden = roles.map((role) => `${role}.converter.plugin.version`)
  const common = Object.entries(commonConfig()).map(([key, setting]) => {
    const recommender = { validValues: () => [], visible: () => false }
    return [key, hidden.includes(key) ? { ...setting, recommender } : setting] as const
  })
  return withDefault(Object.fromEntries(common), 'connector.plugin.version', version)
}

/**
 * The common settings, with the worker's converters as defaults and the registered plugins as recommended
 * values.
 *
 * Source: ConnectorConfig.enrichedConfigDef(plugins, props, workerConfig).
 */
export function baseConfig(
  { kind, version }: { readonly kind: ConnectorKind; readonly version: string },
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
  props: Props,
): ConfigDef {
  const def = commonSettings(kind, version, knownClasses(registry))
  const converters = roles.map((role) => converterSettings(def, role, registry, worker, props))
  return Object.assign({}, def, ...converters) as ConfigDef
}

function converterSettings(
  def: ConfigDef,
  role: ConverterRole,
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
  props: Props,
): ConfigDef {
  const key = `${role}.converter`
  const base = role === 'header' ? 'HeaderConverter' : 'Converter'
  const kind = role === 'header' ? 'header_converter' : 'converter'
  const fallback = registry.find(worker[key] ?? (role === 'header' ? HEADER_CONVERTER : ''))?.name ?? null
  const validate: Validator = {
    description: `A concrete subclass of org.apache.kafka.connect.storage.${base}, A class with a public, no-argument constructor`,
    check: (_key, value) => (value === null ? undefined : classFault(registry, String(value), kind, base)),
  }
  const own = props[key]
  const versionsOf = (name: string | null | undefined) =>
    registry.list().flatMap((info) => (info.className === name && info.kind === kind ? [info.version] : []))
  // The default refers to the class name as submitted, the recommended values to the trimmed name
  const [version = null] = versionsOf(registry.find(own ?? fallback ?? '')?.name)
  const chosen = resolveClass(registry, (own === undefined ? fallback : own?.trim()) ?? '')
  const workerVersion = (own ?? undefined) === undefined ? worker[`${key}.plugin.version`] : undefined
  const versionKey = `${key}.plugin.version`
  return {
    [key]: { ...def[key], default: fallback, validate } as ConfigKey<'class'>,
    [versionKey]: {
      ...def[versionKey],
      default: workerVersion ?? version,
      validate: versionText,
      recommender: { validValues: () => versionsOf(chosen), visible: () => chosen !== undefined },
    } as ConfigKey<'string'>,
  }
}

/** Source: ConnectorConfig.PluginVersionValidator. */
const versionText: Validator = {
  description: 'a version or version ranges',
  check: (_key, value) => {
    try {
      versionRequirement(value as string | null)
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  },
}

const withDefault = (def: ConfigDef, key: string, value: string): ConfigDef => ({
  ...def,
  [key]: { ...def[key], default: value } as ConfigKey<'string'>,
})

function knownClasses(registry: PluginRegistry): KnownClasses {
  const infos = registry.list()
  const classesOf = (kind: string) => infos.flatMap((info) => (info.kind === kind ? [info.className] : []))
  return {
    converters: classesOf('converter'),
    headerConverters: classesOf('header_converter'),
    versions: (name) => {
      const found = registry.find(name?.trim() ?? '')
      return found === undefined ? [] : [found.version]
    },
  }
}
