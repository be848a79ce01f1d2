import { ConnectError } from '../../api/index.ts'
import {
  versionRequirement,
  type PluginInfo,
  type PluginKind,
  type PluginRegistry,
  type VersionRequirement,
} from '../plugins/index.ts'

const CONNECT = 'org.apache.kafka.connect.'

/** Classes that users name by mistake: they exist, but nothing can be made of them. With the interfaces they have. */
const hollowClasses: ReadonlyMap<string, readonly string[]> = new Map([
  [`${CONNECT}storage.Converter`, ['Converter']],
  [`${CONNECT}storage.HeaderConverter`, ['HeaderConverter']],
  [`${CONNECT}transforms.Transformation`, ['Transformation']],
  [`${CONNECT}transforms.predicates.Predicate`, ['Predicate']],
  [`${CONNECT}converters.NumberConverter`, ['Converter', 'HeaderConverter']],
  [`${CONNECT}connector.Connector`, ['Connector']],
  [`${CONNECT}source.SourceConnector`, ['Connector']],
  [`${CONNECT}sink.SinkConnector`, ['Connector']],
  [`${CONNECT}connector.Task`, ['Task']],
  [`${CONNECT}source.SourceTask`, []],
  [`${CONNECT}sink.SinkTask`, []],
  ['java.lang.Object', []],
  ['java.lang.String', []],
])

/** Full name of a class that exists, if only as the common part of its `$Key` and `$Value`; undefined for none. */
export function resolveClass(registry: PluginRegistry, name: string): string | undefined {
  return registry.find(name)?.name ?? (isHollow(registry, name) ? name : undefined)
}

/** Whether there is a class of that full name of which no plugin can be made. */
export function isHollow(registry: PluginRegistry, name: string): boolean {
  return hollowClasses.has(name) || isTask(registry, name) || concreteParts(registry, name).length > 0
}

/** Whether it is the class of a connector's tasks: something can be made of it, but it is no plugin. */
export function isTask(registry: PluginRegistry, name: string): boolean {
  return registry.list().some(({ className }) => {
    const entry = registry.find(className)
    return (entry?.kind === 'source' || entry?.kind === 'sink') && entry.taskClass === name
  })
}

/** Whether a class is one that connectors are made from, and none itself. */
export const isConnectorBase = (name: string): boolean =>
  hollowClasses.get(name)?.includes('Connector') === true

function concreteParts(registry: PluginRegistry, name: string): PluginInfo[] {
  return registry.list().filter(({ className }) => className.startsWith(`${name}$`))
}

/**
 * Why a class that exists cannot serve as a kind of plugin; undefined when it can.
 *
 * Source: ConcreteSubClassValidator, InstantiableClassValidator.
 */
export function classFault(
  registry: PluginRegistry,
  name: string,
  kind: PluginKind,
  base: string,
): string | undefined {
  const infos = registry.list().filter(({ className }) => className === name)
  if (infos.some((info) => info.kind === kind)) return undefined
  const parts = concreteParts(registry, name)
  const fits = hollowClasses.get(name)?.includes(base) ?? parts.some((part) => part.kind === kind)
  if (!fits) {
    const sort =
      hollowClasses.get(name)?.some((own) => name.endsWith(`.${own}`)) === true ? 'interface' : 'class'
    return `Class ${sort} ${name} does not implement the ${base} interface`
  }
  const hint = parts.length === 0 ? '' : ` Did you mean ${parts.map((part) => part.className).join(', ')}?`
  return `This class is abstract and cannot be created.${hint}`
}

/**
 * Refuses a plugin that is to be used although another version of it is asked for.
 *
 * Throws `HR_CONFIG_INVALID`, and `HR_BAD_REQUEST` when `wanted` is no version. Source: Plugins.newPlugin, KIP-891.
 */
export function requireVersion(
  plugin: { readonly name: string; readonly version: string },
  configKey: string,
  wanted: string | null | undefined,
): void {
  const requirement = versionRequirement(wanted)
  if (requirement?.matches(plugin.version) !== false) return
  const javaClass = 'org.apache.kafka.connect.runtime.isolation.VersionedPluginLoadingException'
  throw new ConnectError('HR_CONFIG_INVALID', versionFault(plugin, requirement), { configKey, javaClass })
}

/** What is said of a plugin that is there, but not in a version that will do. Source: VersionedPluginLoadingException. */
export function versionFault(
  { name, version }: { readonly name: string; readonly version: string },
  { text }: VersionRequirement,
): string {
  return `Plugin ${name} not found that matches the version range ${text}, available versions: [${version}]`
}
