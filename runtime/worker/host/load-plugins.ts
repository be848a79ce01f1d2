import { pathToFileURL } from 'node:url'
import { reasonOf, type Logger, type Plugin } from '../../../api/index.ts'
import { PluginRegistry, type PluginPackage } from '../../plugins/index.ts'
import type { BrokenPackage } from '../protocol.ts'

/**
 * Loads built-in plugins and those of packages. A package that cannot be loaded is reported and skipped.
 *
 * Calls `loading` before running a package's code, so that a package which hangs the process can be
 * identified.
 */
export async function loadPlugins(
  builtIns: readonly Plugin[],
  packages: readonly PluginPackage[],
  loading: (index: number | undefined) => void,
  log: Logger,
): Promise<{ readonly registry: PluginRegistry; readonly broken: readonly BrokenPackage[] }> {
  const registry = new PluginRegistry()
  for (const plugin of builtIns) registry.add(plugin, 'of Headrace itself')
  const broken: BrokenPackage[] = []
  for (const [index, plugin] of packages.entries()) {
    loading(index)
    try {
      const module = (await import(pathToFileURL(plugin.file).href)) as { default?: Plugin }
      registry.add(module.default as Plugin, plugin.name)
    } catch (error) {
      broken.push({ name: plugin.name, reason: reasonOf(error) })
      log.error('cannot load a plugin package; skipping it', {
        plugin: plugin.name,
        file: plugin.file,
        err: error,
      })
    } finally {
      loading(undefined)
    }
  }
  return { registry, broken }
}
