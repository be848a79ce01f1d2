import type { ConfigKeyInfo } from '../validation/index.ts'

type PluginConfig = (name: string, version?: string) => Promise<readonly ConfigKeyInfo[]>

/**
 * The settings of plugins, asked for once: they stay the same until plugins are loaded anew. Questions for a version are
 * passed on each time, since there is no end to how one can be written.
 */
export function keptPluginConfigs(ask: PluginConfig): { of: PluginConfig; forget(): void } {
  const kept = new Map<string, Promise<readonly ConfigKeyInfo[]>>()
  return {
    of: (name, version) => {
      if (version !== undefined) return ask(name, version)
      const known = kept.get(name)
      if (known !== undefined) return known
      const asked = ask(name)
      kept.set(name, asked)
      asked.catch(() => kept.delete(name)) // who asked hears of it
      return asked
    },
    forget: () => kept.clear(),
  }
}
