import { messageOf, type ConfigDef, type ConverterRole, type Props } from '../../api/index.ts'
import { hashOrder, withPrefix } from '../../config/index.ts'
import { versionRequirement, type PluginRegistry } from '../plugins/index.ts'
import { versionFault } from './classes.ts'
import { addError, keyInfo, valueInfo, type ConfigInfos, type SettingStates } from './config-infos.ts'
import { validateDefinition } from './definition.ts'

/**
 * The settings of a converter that the connector config names; undefined when it names none or an unusable
 * one.
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
    // A class name with surrounding blanks passes when the setting is parsed, but not when the converter is
    // created
    if (registry.find(className) === undefined) throw new Error(className)
    const converter = registry.converter(className, role)
    const wanted = versionRequirement(props[`${key}.plugin.version`])
    if (wanted?.matches(converter.version) === false) {
      const message = versionFault(converter, wanted)
      addError(states, key, message)
      addError(states, `${key}.plugin.version`, message)
      return undefined
    }
    const given = withPrefix(props, `${key}.`)
    const own: Props = { ...given, 'converter.type': given['converter.type'] ?? role }
    return prefixedInfos(converter.config, validateDefinition(converter.config, own), `${key}.`)
  } catch (error) {
    state.errors.push(`Failed to load class ${className}: ${messageOf(error)}`)
    return undefined
  }
}

/**
 * Adds the prefix to each name, and counts settings with errors instead of errors.
 *
 * Source: AbstractHerder.prefixedConfigInfos: the values are in HashMap order.
 */
function prefixedInfos(def: ConfigDef, states: SettingStates, prefix: string): ConfigInfos {
  const configs = hashOrder([...states], ([key]) => key).flatMap(([key, state]) => {
    const setting = def[key]
    if (setting === undefined) return []
    const definition = { ...keyInfo(key, setting), name: prefix + key }
    return [{ definition, value: valueInfo(prefix + key, state, setting.type) }]
  })
  const groups = new Set(configs.flatMap(({ definition }) => definition.group ?? []))
  const faulty = configs.filter(({ value }) => value.errors.length > 0)
  return { name: '', error_count: faulty.length, groups: [...groups], configs }
}
