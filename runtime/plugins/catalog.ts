import { aliasTable } from './aliases.ts'
import { pluginKinds, type PluginInfo, type PluginKind } from './kinds.ts'

/** The available plugins without their code, for the herder's process. */
export class PluginCatalog {
  readonly #builtIn: readonly PluginInfo[]
  #all: readonly PluginInfo[]
  #aliases: ReadonlyMap<string, string>

  constructor(builtIn: readonly PluginInfo[]) {
    this.#builtIn = builtIn
    this.#all = builtIn
    this.#aliases = new Map()
    this.adopt([])
  }

  /** Adds the plugins of packages, as reported by a task process. */
  adopt(others: readonly PluginInfo[]): void {
    const names = new Set(this.#builtIn.map(({ className, kind }) => `${kind} ${className}`))
    this.#all = [
      ...this.#builtIn,
      ...others.filter(({ className, kind }) => !names.has(`${kind} ${className}`)),
    ]
    this.#aliases = aliasTable(this.#all.map(({ className, kind, aliases }) => [className, kind, aliases]))
  }

  /** Plugins by kind, then by name. */
  list(): PluginInfo[] {
    return this.#all.toSorted((a, b) => rank(a) - rank(b) || (a.className < b.className ? -1 : 1))
  }

  /** Whether a plugin of that kind has this full or short class name. */
  has(name: string, kind: PluginKind): boolean {
    const full = this.#aliases.get(name) ?? name
    return this.#all.some((info) => info.className === full && info.kind === kind)
  }

  /** Finds a plugin by its full or short class name. */
  find(name: string): PluginInfo | undefined {
    const full = this.#aliases.get(name) ?? name
    return this.#all.find(({ className }) => className === full)
  }
}

const rank = ({ kind }: PluginInfo): number => pluginKinds.indexOf(kind)
