import { ConnectError } from '../../api/index.ts'
import {
  versionRequirement,
  type PluginInfo,
  type PluginKind,
  type PluginRegistry,
  type VersionRequirement,
} from '../plugins/index.ts'

const CONNECT = 'org.apache.kafka.connect.'

/** Classes that exist but cannot be instantiated as plugins, with the interfaces that they implement. */
const abstractClasses: ReadonlyMap<string, readonly string[]> = new Map([
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

/**
 * The full name of an existing class, including the outer class of a `$Key` and `$Value` pair; undefined for
 * others.
 */
export function resolveClass(registry: PluginRegistry, name: string): string | undefined {
  return registry.find(name)?.name ?? (isAbstract(registry, name) ? name : undefined)
}

/** Whether a class of that full name exists but cannot be instantiated as a plugin. */
export function isAbstract(registry: PluginRegistry, name: string): boolean {
  return abstractClasses.has(name) || isTask(registry, name) || concreteParts(registry, name).length > 0
}

/** Whether it is the task class of a connector: it can be instantiated, but it is not a plugin. */
export function isTask(registry: PluginRegistry, name: string): boolean {
  return registry.list().some(({ className }) => {
    const entry = registry.find(className)
    return (entry?.kind === 'source' || entry?.kind === 'sink') && entry.taskClass === name
  })
}

/** Whether a class is a base class of connectors. */
export const isConnectorBase = (name: string): boolean =>
  abstractClasses.get(name)?.includes('Connector') === true

function concreteParts(registry: PluginRegistry, name: string): PluginInfo[] {
  return registry.list().filter(({ className }) => className.startsWith(`${name}$`))
}

/**
 * Why an existing class cannot be used as a kind of plugin; undefined when it can.
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
  const fits = abstractClasses.get(name)?.includes(base) ?? parts.some((part) => part.kind === kind)
  if (!fits) {
    const sort =
      abstractClasses.get(name)?.some((own) => name.endsWith(`.${own}`)) === true ? 'interface' : 'class'
    return `Class ${sort} ${name} does not implement the ${base} interface`
  }
  const hint = parts.length === 0 ? '' : ` Did you mean ${parts.map((part) => part.className).join(', ')}?`
  return `This class is abstract and cannot be created.${hint}`
}

/**
 * Rejects a plugin whose version does not match the requested one.
 *
 * Throws `HR_CONFIG_INVALID`, and `HR_BAD_REQUEST` when `wanted` is not a version. Source: Plugins.newPlugin,
 * KIP-891.
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

/**
 * The error for a plugin that exists, but not in a matching version.
 *
 * Source: VersionedPluginLoadingException.
 */
export function versionFault(
  { name, version }: { readonly name: string; readonly version: string },
  { text }: VersionRequirement,
): string {
  return `Plugin ${name} not found that matches the version range ${text}, available versions: [${version}]`
}
