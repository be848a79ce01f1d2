import {
  ConnectError,
  type ConfigDef,
  type Connector,
  type ConverterRole,
  type Props,
} from '../../api/index.ts'
import { copiedHashOrder, extensionConfig, withoutNulls } from '../../config/index.ts'
import { versionRequirement, type PluginRegistry, type VersionRequirement } from '../plugins/index.ts'
import { bareSettings, baseConfig } from './base-config.ts'
import { isConnectorBase, resolveClass, versionFault } from './classes.ts'
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
import { boundaryWarnings, settingWarnings, type SettingWarning } from './warnings.ts'

const roles: readonly ConverterRole[] = ['header', 'key', 'value']

/**
 * Validates the settings of a connector without starting it.
 *
 * `props` must have their variables resolved. `ownChecks`: whether to call the connector's own `validate`,
 * which may access external systems. Throws `HR_BAD_REQUEST` when the connector does not exist.
 * Source: AbstractHerder.validateConnectorConfig.
 */
export async function validateConnector(
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
  props: Props,
  { ownChecks = true }: { readonly ownChecks?: boolean } = {},
): Promise<ConfigInfos> {
  const className = props['connector.class']
  if (className === undefined || className === null) {
    const entries = copiedHashOrder(Object.entries(props), ([key]) => key)
    const shown = entries.map(([key, value]) => `${key}=${value}`)
    const message = `Connector config {${shown.join(', ')}} contains no connector type`
    throw new ConnectError('HR_BAD_REQUEST', message)
  }
  const wanted = versionRequirement(props['connector.plugin.version'])
  if (isConnectorBase(className)) throw new ConnectError('HR_BAD_REQUEST', 'Instantiation error')
  const plugin = registry.connector(className)
  if (wanted?.matches(plugin.version) === false) return otherVersion(plugin, className, wanted, props)
  const def = {
    ...baseConfig(plugin, registry, worker, props),
    ...submittedExtensions(plugin.kind, props),
    ...stepSettings(registry, props),
  }
  const states = validateDefinition(def, props, (name) => resolveClass(registry, name))
  checkTogether(plugin, props, worker, states)
  addNullErrors(states, props)
  const converters = roles.map((role) => converterInfos(registry, role, props, states))
  const faults = ownChecks ? ((await plugin.validate?.(withoutNulls(props))) ?? []) : []
  const own = connectorInfos(plugin, className, def, props, states, faults)
  return mergedInfos(className, [
    own,
    overrideInfos(plugin.kind, props, overridePolicy(worker)),
    ...converters,
  ])
}

/**
 * Returns warnings about settings that are valid but probably not intended: see {@link settingWarnings}. Runs
 * no code of the connector. Throws `HR_BAD_REQUEST` when the connector does not exist.
 */
export async function connectorWarnings(
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
  props: Props,
): Promise<SettingWarning[]> {
  const { kind } = registry.connector(props['connector.class'] ?? '')
  const infos = await validateConnector(registry, worker, props, { ownChecks: false })
  const boundaries = kind === 'source' ? boundaryWarnings(props, worker) : []
  return [...settingWarnings(kind, props, infos), ...boundaries]
}

/** The connector exists, but not in the requested version: nothing else can be validated. */
function otherVersion(
  plugin: Connector,
  className: string,
  wanted: VersionRequirement,
  props: Props,
): ConfigInfos {
  const def = bareSettings(plugin.version)
  const states = validateDefinition(def, props)
  const message = versionFault(plugin, wanted)
  addError(states, 'connector.class', message)
  addError(states, 'connector.plugin.version', message)
  const state = states.get('connector.plugin.version')
  if (state !== undefined) state.recommended = [plugin.version]
  addNullErrors(states, props)
  return configInfos(className, def, states, groupsOf(def))
}

function addNullErrors(states: SettingStates, props: Props): void {
  for (const [key, value] of Object.entries(props)) {
    if (value === null) addError(states, key, 'Null value can not be supplied as the configuration value.')
  }
}

/** The connector's own settings replace common ones of the same name, in their position. */
function connectorInfos(
  plugin: Connector,
  className: string,
  common: ConfigDef,
  props: Props,
  states: SettingStates,
  faults: readonly { readonly key: string; readonly message: string }[],
): ConfigInfos {
  const own = submitted(plugin.config, plugin.dynamicConfig?.(withoutNulls(props)) ?? {}, props)
  for (const [key, state] of validateDefinition(own, props)) states.set(key, state)
  for (const { key, message } of faults) addError(states, key, message)
  return configInfos(className, { ...common, ...own }, states, groupsOf(common, own))
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
  checkSource(plugin, withoutNulls(props), worker, states)
}

/** Extension settings appear only when they are set, so that other responses equal those of Kafka Connect. */
function submittedExtensions(kind: 'source' | 'sink', props: Props): ConfigDef {
  return Object.fromEntries(
    Object.entries(extensionConfig(kind)).filter(([key]) => Object.hasOwn(props, key)),
  )
}

/** The settings of a connector that appear in responses: extensions and dynamic settings only when they are set. */
function submitted(config: ConfigDef, dynamic: ConfigDef, props: Props): ConfigDef {
  const listed = Object.entries(config).filter(
    ([key, { extension }]) => extension !== true || Object.hasOwn(props, key),
  )
  const further = Object.entries(dynamic).filter(([key]) => Object.hasOwn(props, key))
  return Object.fromEntries([...listed, ...further])
}
