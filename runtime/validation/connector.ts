import {
  ConnectError,
  type ConfigDef,
  type Connector,
  type ConverterRole,
  type Props,
} from '../../api/index.ts'
import {
  extensionConfig,
  sinkConnectorConfig,
  sourceConnectorConfig,
  type KnownClasses,
} from '../../config/index.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import { classFault, resolveClass } from './classes.ts'
import { overrideInfos, overridePolicy } from './client-overrides.ts'
import {
  addError,
  configInfos,
  groupsOf,
  mergedInfos,
  type ConfigInfos,
  type SettingStates,
} from './config-infos.ts'
import { converterInfos } from './converter-settings.ts'
import { validateDefinition } from './definition.ts'
import { checkSink, checkSinkGroup } from './sink-rules.ts'
import { checkSource } from './source-rules.ts'
import { stepSettings } from './steps.ts'

const roles: readonly ConverterRole[] = ['header', 'key', 'value']

/**
 * All that can be said about a connector's settings without starting it.
 *
 * `props` have their variables resolved. Throws `HR_BAD_REQUEST` when there is no such connector.
 * Source: AbstractHerder.validateConnectorConfig.
 */
export async function validateConnector(
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
  props: Props,
): Promise<ConfigInfos> {
  const className = props['connector.class']
  if (className === undefined || className === null) {
    const shown = Object.entries(props).map(([key, value]) => `${key}=${value}`)
    const message = `Connector config {${shown.join(', ')}} contains no connector type`
    throw new ConnectError('HR_BAD_REQUEST', message)
  }
  const plugin = registry.connector(className.trim())
  const def = {
    ...baseConfig(plugin.kind, registry, worker),
    ...submittedExtensions(plugin.kind, props),
    ...stepSettings(registry, props),
  }
  const states = validateDefinition(def, props, (name) => resolveClass(registry, name))
  checkTogether(plugin, props, worker, states)
  for (const [key, value] of Object.entries(props)) {
    if (value === null) addError(states, key, 'Null value can not be supplied as the configuration value.')
  }
  const converters = roles.map((role) => converterInfos(registry, role, props, states))
  const own = await connectorInfos(plugin, className, def, props, states)
  return mergedInfos(className, [
    own,
    overrideInfos(plugin.kind, props, overridePolicy(worker)),
    ...converters,
  ])
}

/** The connector's own settings replace common ones of the same name, in their place. */
async function connectorInfos(
  plugin: Connector,
  className: string,
  common: ConfigDef,
  props: Props,
  states: SettingStates,
): Promise<ConfigInfos> {
  for (const [key, state] of validateDefinition(plugin.config, props)) states.set(key, state)
  const texts = Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  )
  for (const { key, message } of (await plugin.validate?.(texts)) ?? []) addError(states, key, message)
  return configInfos(className, { ...common, ...plugin.config }, states, groupsOf(common, plugin.config))
}

function checkTogether(
  plugin: Connector,
  props: Props,
  worker: Readonly<Record<string, string>>,
  states: SettingStates,
): void {
  if (plugin.kind === 'sink') {
    checkSink(props, states)
    checkSinkGroup(props, worker, states)
    return
  }
  const texts = Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  )
  checkSource(plugin, texts, worker, states)
}

/** The common settings, with the worker's converters as defaults and what is known here as recommendations. */
function baseConfig(
  kind: 'source' | 'sink',
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
): ConfigDef {
  const def =
    kind === 'source'
      ? sourceConnectorConfig(knownClasses(registry))
      : sinkConnectorConfig(knownClasses(registry))
  const changed = roles.map((role) => {
    const key = `${role}.converter`
    const base = role === 'header' ? 'HeaderConverter' : 'Converter'
    const kindOfPlugin = role === 'header' ? 'header_converter' : 'converter'
    const fallback = registry.find(worker[key] ?? '')?.name ?? null
    const validate = {
      description: `A concrete subclass of org.apache.kafka.connect.storage.${base}, A class with a public, no-argument constructor`,
      check: (_key: string, value: unknown) =>
        value === null ? undefined : classFault(registry, String(value), kindOfPlugin, base),
    }
    return [key, { ...def[key], default: fallback, validate }] as const
  })
  return { ...def, ...(Object.fromEntries(changed) as ConfigDef) }
}

/** Settings of ours appear only where somebody set them, so that answers are Kafka Connect's otherwise. */
function submittedExtensions(kind: 'source' | 'sink', props: Props): ConfigDef {
  return Object.fromEntries(
    Object.entries(extensionConfig(kind)).filter(([key]) => Object.hasOwn(props, key)),
  )
}

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
