import { ConnectError, invalidValue, type Props } from '../../api/index.ts'
import { commonConfig, parseSettingForUse, parseValue } from '../../config/index.ts'
import type { PluginKind, PluginRegistry } from '../plugins/index.ts'
import { classFault, resolveClass, stepSettings } from '../validation/index.ts'

const kinds = [
  { list: 'transforms', base: 'Transformation', kind: 'transformation' },
  { list: 'predicates', base: 'Predicate', kind: 'predicate' },
] as const

/**
 * Rejects settings from which no chain can be built, with Kafka Connect's messages.
 *
 * Throws `HR_CONFIG_INVALID`. Source: the constructor of ConnectorConfig.
 */
export function checkChain(registry: PluginRegistry, props: Props): void {
  for (const { list, base, kind } of kinds) {
    for (const alias of aliasesOf(props, list))
      checkClass(registry, props, `${list}.${alias}.type`, kind, base)
  }
  for (const alias of aliasesOf(props, 'transforms')) checkNegation(props, `transforms.${alias}.`)
  const { transforms, predicates } = commonConfig()
  const def = { transforms, predicates, ...stepSettings(registry, props) }
  for (const [key, setting] of Object.entries(def)) {
    if (setting === undefined) continue
    const [fault] = parseSettingForUse(key, setting, props, (name) => resolveClass(registry, name)).errors
    if (fault !== undefined) throw invalid(fault, key)
  }
}

function aliasesOf(props: Props, list: 'transforms' | 'predicates'): Set<string> {
  return new Set((parseValue(list, 'list', props[list] ?? '') ?? []) as readonly string[])
}

function checkClass(
  registry: PluginRegistry,
  props: Props,
  key: string,
  kind: PluginKind,
  base: string,
): void {
  const written = props[key]
  if (written === undefined || written === null) throw invalid(invalidValue(key, null, `Not a ${base}`), key)
  const name = parseValue(key, 'class', written, (text) => resolveClass(registry, text)) as string
  const fault = classFault(registry, name, kind, base)
  if (fault !== undefined) throw invalid(fault, key)
  // With surrounding whitespace, the class is found but the plugin is not
  if (written === written.trim()) return
  throw invalid(invalidValue(key, written, `Error getting config definition from ${base}: ${written}`), key)
}

function checkNegation(props: Props, prefix: string): void {
  const [negate, predicate] = [`${prefix}negate`, `${prefix}predicate`]
  if (!Object.hasOwn(props, negate) || Object.hasOwn(props, predicate)) return
  const message = `Config '${negate}' was provided but there is no config '${predicate}' defining a predicate to be negated.`
  throw invalid(message, negate)
}

function invalid(message: string, configKey: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', message, { configKey })
}
