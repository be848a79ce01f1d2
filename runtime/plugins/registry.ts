import {
  ConnectError,
  type ConfigProvider,
  type Connector,
  type Converter,
  type ConverterRole,
  type Plugin,
  type PluginEntry,
  type Predicate,
  type Transform,
} from '../../api/index.ts'
import { aliasTable } from './aliases.ts'
import { pluginKinds, type PluginInfo, type PluginKind } from './kinds.ts'

/** All plugins of a process, found by full or short class name. */
export class PluginRegistry {
  readonly #entries = new Map<string, PluginEntry>()
  #aliases = new Map<string, string>()
  /** Cached result of {@link list} until a plugin is added: each validation calls it several times. */
  #list: readonly PluginInfo[] | undefined

  /**
   * Adds the plugins of a package. Throws `HR_PLUGIN_BROKEN` when the export is not a plugin, and then adds
   * none.
   */
  add(plugin: Plugin, origin: string): PluginInfo[] {
    const entries = checkedEntries(plugin, origin)
    for (const entry of entries) this.#entries.set(entry.name, entry)
    this.#list = undefined
    this.#aliases = aliasTable(
      [...this.#entries.values()].flatMap((entry) =>
        kindsOf(entry).map((kind) => [entry.name, kind, ownAliases(entry)] as const),
      ),
    )
    return entries.flatMap(infosOf)
  }

  /** All plugins, by kind and name. */
  list(): readonly PluginInfo[] {
    this.#list ??= [...this.#entries.values()]
      .flatMap(infosOf)
      .toSorted((a, b) => order(a.kind) - order(b.kind) || (a.className < b.className ? -1 : 1))
    return this.#list
  }

  /** Finds a plugin by its full or short class name; undefined when there is none. */
  find(name: string): PluginEntry | undefined {
    return this.#entries.get(name) ?? this.#entries.get(this.#aliases.get(name) ?? '')
  }

  connector(name: string): Connector {
    const entry = this.find(name)
    if (entry?.kind === 'source' || entry?.kind === 'sink') return entry
    const available = this.list().filter(({ kind }) => kind === 'source' || kind === 'sink')
    const names = available
      .map(({ className, kind, version }) => `${className} (${kind}, ${version})`)
      .join(', ')
    const message = `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${names}`
    throw new ConnectError('HR_BAD_REQUEST', message)
  }

  transform(name: string): Transform {
    const entry = this.find(name)
    if (entry?.kind === 'transformation') return entry
    throw this.#notFound(name, 'Transformation')
  }

  predicate(name: string): Predicate {
    const entry = this.find(name)
    if (entry?.kind === 'predicate') return entry
    throw this.#notFound(name, 'Predicate')
  }

  converter(name: string, role: ConverterRole): Converter {
    const entry = this.find(name)
    if (entry?.kind === 'converter' && entry.roles.includes(role)) return entry
    throw this.#notFound(name, role === 'header' ? 'HeaderConverter' : 'Converter')
  }

  configProvider(name: string): ConfigProvider | undefined {
    const entry = this.find(name)
    return entry?.kind === 'configprovider' ? entry : undefined
  }

  #notFound(name: string, kind: string): ConnectError {
    const known = this.find(name) !== undefined
    const message = known ? `Class ${name} is not a ${kind}` : `Class ${name} could not be found.`
    return new ConnectError('HR_CONFIG_INVALID', message)
  }
}

const order = (kind: PluginKind): number => pluginKinds.indexOf(kind)

export function kindsOf(entry: PluginEntry): PluginKind[] {
  if (entry.kind !== 'converter') return [entry.kind]
  const kinds: PluginKind[] = []
  if (entry.roles.includes('key') || entry.roles.includes('value')) kinds.push('converter')
  if (entry.roles.includes('header')) kinds.push('header_converter')
  return kinds
}

const ownAliases = (entry: PluginEntry): readonly string[] =>
  'aliases' in entry ? (entry.aliases ?? []) : []

function infosOf(entry: PluginEntry): PluginInfo[] {
  const aliases = ownAliases(entry)
  const handlesDeletion = 'deleted' in entry && entry.deleted !== undefined
  return kindsOf(entry).map((kind) => ({
    className: entry.name,
    kind,
    version: entry.version,
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(handlesDeletion ? { handlesDeletion } : {}),
  }))
}

const kindOfList = {
  connectors: ['source', 'sink'],
  transforms: ['transformation'],
  predicates: ['predicate'],
  converters: ['converter'],
  configProviders: ['configprovider'],
} as const

/** Validates everything a plugin exports, because it may come from any package. */
function checkedEntries(plugin: Plugin, origin: string): PluginEntry[] {
  if (typeof plugin !== 'object' || plugin === null)
    throw broken(origin, 'its default export is not an object')
  const entries: PluginEntry[] = []
  for (const [list, kinds] of Object.entries(kindOfList)) {
    const items: unknown = plugin[list as keyof Plugin] ?? []
    if (!Array.isArray(items)) throw broken(origin, `'${list}' is not an array`)
    for (const [index, item] of items.entries()) {
      const fault = faultOf(item, kinds)
      if (fault !== undefined) throw broken(origin, `entry ${index} of '${list}' ${fault}`)
      entries.push(item as PluginEntry)
    }
  }
  return entries
}

function faultOf(item: unknown, kinds: readonly string[]): string | undefined {
  const { name, kind, version, config } = (item ?? {}) as Partial<Record<string, unknown>>
  if (typeof name !== 'string' || name === '') return 'has no name'
  if (typeof kind !== 'string' || !kinds.includes(kind))
    return `(${name}) has kind '${String(kind)}', expected ${kinds.join(' or ')}`
  if (typeof version !== 'string') return `(${name}) has no version`
  return typeof config === 'object' && config !== null ? undefined : `(${name}) has no config definition`
}

function broken(origin: string, what: string): ConnectError {
  return new ConnectError('HR_PLUGIN_BROKEN', `Cannot use the plugin ${origin}: ${what}`)
}
