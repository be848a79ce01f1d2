import { messageOf, type ConverterRole, type Props } from '../../api/index.ts'
import { withPrefix } from '../../config/index.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import { configInfos, groupsOf, type ConfigInfos, type SettingStates } from './config-infos.ts'
import { validateDefinition } from './definition.ts'

/**
 * The settings of a converter that a connector names itself; undefined when it names none, or none that can be used.
 *
 * Source: AbstractHerder.validateConverterConfig.
 */
export function converterInfos(
  registry: PluginRegistry,
  role: ConverterRole,
  props: Props,
  states: SettingStates,
): ConfigInfos | undefined {
  const key = `${role}.converter`
  const className = props[key]
  const state = states.get(key)
  if (className === undefined || className === null || state === undefined || state.errors.length > 0)
    return undefined
  if ((states.get(`${key}.plugin.version`)?.errors.length ?? 0) > 0) return undefined
  try {
    const { config } = registry.converter(className.trim(), role)
    const own: Props = { 'converter.type': role, ...withPrefix(props, `${key}.`) }
    return prefixedInfos(
      configInfos('', config, validateDefinition(config, own), groupsOf(config)),
      `${key}.`,
    )
  } catch (error) {
    state.errors.push(`Failed to load class ${className}: ${messageOf(error)}`)
    return undefined
  }
}

/** With the prefix before each name, and settings with errors counted instead of errors. */
function prefixedInfos(infos: ConfigInfos, prefix: string): ConfigInfos {
  const configs = infos.configs.map(({ definition, value }) => ({
    definition:
      definition === null
        ? null
        : {
            ...definition,
            name: prefix + definition.name,
            dependents: definition.dependents.map((dependent) => prefix + dependent),
          },
    value: value === null ? null : { ...value, name: prefix + value.name },
  }))
  const faulty = configs.filter(({ value }) => value !== null && value.errors.length > 0)
  return { ...infos, configs, error_count: faulty.length }
}
