import type { ConfigKeyInfo } from '../validation/index.ts'

type PluginConfig = (name: string, version?: string) => Promise<readonly ConfigKeyInfo[]>

/**
 * Caches the settings of plugins: they do not change until plugins are loaded again. Requests for a version
 * are not cached, since a version can be written in any number of ways.
 */
export function cachePluginConfigs(ask: PluginConfig): { of: PluginConfig; forget(): void } {
  const kept = new Map<string, Promise<readonly ConfigKeyInfo[]>>()
  return {
    of: (name, version) => {
      if (version !== undefined) return ask(name, version)
      const known = kept.get(name)
      if (known !== undefined) return known
      const asked = ask(name)
      kept.set(name, asked)
      asked.catch(() => kept.delete(name)) // the caller handles the error
      return asked
    },
    forget: () => kept.clear(),
  }
}
