/** Levels of Log4j, from most to least detail. */
export const logLevels = ['ALL', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const

export type LogLevel = (typeof logLevels)[number]

/** The level of a name in any case; undefined for none. */
export function parseLogLevel(text: string): LogLevel | undefined {
  const upper = text.toUpperCase()
  return logLevels.find((level) => level === upper)
}

export interface LevelEntry {
  readonly level: LogLevel
  /** When it was changed at run time, in milliseconds since the epoch; null when it never was. */
  readonly lastModified: number | null
}

const ROOT = 'root'

/** Which logger logs what. Names are dotted; a logger without a level of its own has its nearest ancestor's. */
export class LogLevels {
  readonly #levels = new Map<string, LevelEntry>()
  readonly #known = new Set<string>()
  readonly #cache = new Map<string, number>()

  constructor(root: LogLevel) {
    this.#levels.set(ROOT, { level: root, lastModified: null })
  }

  /** A logger of that name exists; it can be set although it was never set before. */
  register(name: string): void {
    this.#known.add(name)
  }

  enabled(name: string, level: LogLevel): boolean {
    let threshold = this.#cache.get(name)
    if (threshold === undefined) {
      threshold = logLevels.indexOf(this.effective(name).level)
      this.#cache.set(name, threshold)
    }
    return logLevels.indexOf(level) >= threshold
  }

  /** The level in force for a name, its own or an ancestor's. */
  effective(name: string): LevelEntry {
    for (let at = name; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const own = this.#levels.get(at)
      if (own !== undefined) return own
    }
    return this.#levels.get(ROOT) ?? { level: 'INFO', lastModified: null }
  }

  /** Whether a logger of that name is known, set or not. */
  has(name: string): boolean {
    return isRoot(name) || this.#known.has(name) || this.#levels.has(name)
  }

  /** Loggers with a level of their own. */
  entries(): [string, LevelEntry][] {
    return [...this.#levels].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  }

  /**
   * Sets a logger and all whose names begin with its name; answers those whose level changed.
   *
   * Source: Loggers.setLevel (KIP-495): a plain comparison of texts, so `org.foo` is also the beginning of `org.foobar`.
   */
  set(namespace: string, level: LogLevel, now: number): string[] {
    const root = isRoot(namespace)
    const names = new Set([...this.#known, ...this.#levels.keys(), root ? ROOT : namespace])
    const touched = [...names].filter((name) => root || name.startsWith(namespace))
    const changed: string[] = []
    for (const name of touched.toSorted()) {
      const before = this.effective(name).level
      if (this.#levels.get(name)?.level === level) continue
      this.#levels.set(name, {
        level,
        lastModified: before === level ? (this.#levels.get(name)?.lastModified ?? null) : now,
      })
      if (before !== level) changed.push(name)
    }
    this.#cache.clear()
    return changed
  }

  /** All levels, for a process that is to log alike. */
  export(): [string, LevelEntry][] {
    return [...this.#levels]
  }

  replaceAll(levels: readonly (readonly [string, LevelEntry])[]): void {
    this.#levels.clear()
    for (const [name, entry] of levels) this.#levels.set(name, entry)
    this.#cache.clear()
  }
}

const isRoot = (name: string): boolean => name.toLowerCase() === ROOT
