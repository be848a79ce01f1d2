import type { Connector, Converter, Predicate, Transform } from '../../api/index.ts'
import { connectors } from '../../connectors/index.ts'
import { converters } from '../../converters/index.ts'
import { PluginRegistry } from '../../runtime/plugins/index.ts'
import { transforms } from '../../transforms/index.ts'

/** The built-in plugins, by class name as in a worker. */
export const registry = new PluginRegistry()
for (const plugin of [connectors, converters, transforms]) registry.add(plugin, 'of Headrace itself')

type Plugins = { transformation: Transform; predicate: Predicate; converter: Converter; connector: Connector }

/** Returns the plugin with a class name. Throws if a worker would not find it. */
export function pluginOf<K extends keyof Plugins>(kind: K, className: string): Plugins[K] {
  const found = registry.find(className)
  const fits =
    kind === 'connector' ? found?.kind === 'source' || found?.kind === 'sink' : found?.kind === kind
  if (found === undefined || !fits) throw new Error(`no such ${kind}: ${className}`)
  return found as Plugins[K]
}
