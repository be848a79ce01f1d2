/** Levels of Log4j, from most to least detail. */
export const logLevels = ['ALL', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const

export type LogLevel = (typeof logLevels)[number]

/** The level of a name in any case; undefined for none. Source: Level.getLevel. */
export function parseLogLevel(text: string): LogLevel | undefined {
  const upper = text.trim().toUpperCase()
  return logLevels.find((level) => level === upper)
}

/** What is to be known of a logger. */
export interface LevelEntry {
  readonly level: LogLevel
  /** When it was changed at run time, in milliseconds since the epoch; null when it never was. */
  readonly lastModified: number | null
}

const ROOT = 'root'

/**
 * Which logger logs what. Names are dotted; a logger without a level of its own has its nearest ancestor's.
 *
 * Source: Loggers, LoggingResource (KIP-495, KIP-976).
 */
export class LogLevels {
  readonly #levels = new Map<string, LogLevel>()
  readonly #modified = new Map<string, number>()
  readonly #known = new Set<string>()
  readonly #cache = new Map<string, number>()
  #onRegister: (name: string) => void = () => {}

  constructor(root: LogLevel) {
    this.#levels.set(ROOT, root)
  }

  /** Says which loggers come into being: those that there are by now, and those to come. */
  watch(onRegister: (name: string) => void): void {
    this.#onRegister = onRegister
    for (const name of this.#known) onRegister(name)
  }

  /** A logger of that name exists; it can be set although it was never set before. */
  register(name: string): void {
    if (this.#known.has(name)) return
    this.#known.add(name)
    this.#onRegister(name)
  }

  enabled(name: string, level: LogLevel): boolean {
    let threshold = this.#cache.get(name)
    if (threshold === undefined) {
      threshold = logLevels.indexOf(this.#effective(name))
      this.#cache.set(name, threshold)
    }
    return logLevels.indexOf(level) >= threshold
  }

  /** The level of a logger, its own or an ancestor's; undefined when there is no such logger. */
  get(name: string): LevelEntry | undefined {
    const key = keyOf(name)
    if (!this.#known.has(key) && !this.#levels.has(key)) return undefined
    return { level: this.#effective(key), lastModified: this.#modified.get(key) ?? null }
  }

  /** All loggers, in the order of their names. Those that are off are left out, as in Java. */
  entries(): [string, LevelEntry][] {
    const names = [...new Set([...this.#known, ...this.#levels.keys()])].toSorted(inOrder)
    return names.flatMap((name): [string, LevelEntry][] => {
      const entry = this.get(name)
      return entry === undefined || entry.level === 'OFF' ? [] : [[name, entry]]
    })
  }

  /**
   * Sets a logger, and those of its descendants that have a level of their own; answers all loggers whose level
   * changed by that.
   *
   * A plain comparison of texts tells descendants, so `org.foo` is also the beginning of `org.foobar`.
   */
  set(namespace: string, level: LogLevel, now: number): string[] {
    const key = keyOf(namespace)
    this.#known.add(key)
    const begins = (name: string) => key === ROOT || name.startsWith(key)
    const names = [...new Set([...this.#known, ...this.#levels.keys()])].filter(begins).toSorted(inOrder)
    const before = new Map(names.map((name) => [name, this.#effective(name)]))
    for (const name of [key, ...this.#levels.keys()]) {
      if (begins(name)) this.#levels.set(name, level)
    }
    // A logger that was off is not known in Java, and so changes even when it stays off
    const wasOff = (name: string) => name === key && before.get(name) === 'OFF'
    const changed = names.filter((name) => this.#effective(name) !== before.get(name) || wasOff(name))
    for (const name of changed) this.#modified.set(name, now)
    this.#cache.clear()
    return changed
  }

  /** All levels, for a process that is to log alike. */
  export(): [string, LogLevel][] {
    return [...this.#levels]
  }

  replaceAll(levels: readonly (readonly [string, LogLevel])[]): void {
    this.#levels.clear()
    for (const [name, level] of levels) this.#levels.set(name, level)
    this.#cache.clear()
  }

  /** The level in force for a name, its own or an ancestor's. */
  #effective(name: string): LogLevel {
    for (let at = name; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const own = this.#levels.get(at)
      if (own !== undefined) return own
    }
    return this.#levels.get(ROOT) ?? 'INFO'
  }
}

/** The root logger goes by two names, in any case. */
const keyOf = (name: string): string => (name === '' || name.toLowerCase() === ROOT ? ROOT : name)

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
