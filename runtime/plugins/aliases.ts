import type { PluginInfo, PluginKind } from './kinds.ts'

/** Suffixes that an alias may omit, by kind. Source: PluginUtils.prunedName. */
const suffixes: Readonly<Record<PluginKind, readonly string[]>> = {
  source: ['Connector'],
  sink: ['Connector'],
  transformation: ['Transformation'],
  predicate: ['Predicate'],
  converter: ['Converter'],
  header_converter: ['HeaderConverter', 'Converter'],
  configprovider: ['ConfigProvider'],
}

/** The part after the last dot; for an inner class the part after the `$`. */
export function simpleName(className: string): string {
  return className.slice(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1)
}

/** Aliases of a class: its simple name, and the simple name without the suffix of its kind. */
export function aliasesOf(className: string, kind: PluginKind): string[] {
  const simple = simpleName(className)
  const suffix = suffixes[kind].find((end) => simple.endsWith(end) && simple.length > end.length)
  return suffix === undefined ? [simple] : [simple, simple.slice(0, -suffix.length)]
}

/**
 * Maps aliases to full class names: those of {@link aliasesOf}, and those that the plugin itself has. An alias that several
 * classes share is omitted.
 *
 * Source: PluginUtils.computeAliases.
 */
export function aliasTable(
  classes: Iterable<readonly [className: string, kind: PluginKind, own?: readonly string[] | undefined]>,
): Map<string, string> {
  const claims = new Map<string, Set<string>>()
  for (const [className, kind, own = []] of classes) {
    for (const alias of [...aliasesOf(className, kind), ...own]) {
      const claimants = claims.get(alias) ?? new Set<string>()
      claims.set(alias, claimants.add(className))
    }
  }
  const unique = [...claims].filter(([, claimants]) => claimants.size === 1)
  return new Map(unique.map(([alias, claimants]) => [alias, [...claimants][0] ?? '']))
}

/** All names under which `connector.class` can refer to one of the connectors among the plugins of a worker. */
export function connectorNames(
  plugins: Iterable<Pick<PluginInfo, 'className' | 'kind' | 'aliases'>>,
): Set<string> {
  const all = [...plugins]
  const classes = new Set(
    all.flatMap(({ className, kind }) => (kind === 'source' || kind === 'sink' ? [className] : [])),
  )
  const table = aliasTable(all.map(({ className, kind, aliases }) => [className, kind, aliases]))
  const short = [...table].flatMap(([alias, className]) => (classes.has(className) ? [alias] : []))
  return new Set([...classes, ...short])
}
