import { ConnectError, type ConverterRole, type Props } from '../../api/index.ts'
import { parseConfig, withPrefix } from '../../config/index.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import type { Converters } from './converters.ts'
import { requireVersion } from '../validation/index.ts'

/**
 * Creates the converters of a task: those of the connector, otherwise the worker's, each with the settings
 * under its prefix.
 *
 * Throws `HR_CONFIG_INVALID`. Source: Plugins.newConverter.
 */
export function createConverters(
  registry: PluginRegistry,
  worker: Readonly<Record<string, string>>,
  connector: Props,
): Converters {
  const create = (role: ConverterRole) => createConverter(registry, role, ownerOf(role, worker, connector))
  return { key: create('key'), value: create('value'), header: create('header') }
}

/**
 * Returns the settings that apply to a role. Ignores converter settings of a connector that names no
 * converter.
 */
function ownerOf(role: ConverterRole, worker: Props, connector: Props): Props {
  const own = connector[`${role}.converter`]
  return own === undefined || own === null ? worker : connector
}

const DEFAULT_HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

function createConverter(registry: PluginRegistry, role: ConverterRole, props: Props) {
  const key = `${role}.converter`
  const className = props[key]?.trim() ?? (role === 'header' ? DEFAULT_HEADER_CONVERTER : undefined)
  if (className === undefined) {
    const message = `Missing required configuration "${key}" which has no default value.`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: key })
  }
  const plugin = registry.converter(className, role)
  requireVersion(plugin, `${key}.plugin.version`, props[`${key}.plugin.version`])
  const config = parseConfig(plugin.config, { ...withPrefix(props, `${key}.`), 'converter.type': role })
  return { className: plugin.name, converter: plugin.create(config, role) }
}
