/** Levels of Log4j, from most to least detailed. */
export const logLevels = ['ALL', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] as const

export type LogLevel = (typeof logLevels)[number]

/** Returns the level with this name, ignoring case; undefined if there is none. Source: Level.getLevel. */
export function parseLogLevel(text: string): LogLevel | undefined {
  const upper = text.trim().toUpperCase()
  return logLevels.find((level) => level === upper)
}

/** The level of a logger. */
export interface LevelEntry {
  readonly level: LogLevel
  /** Time of the last change at runtime, in milliseconds since the epoch; null if it was never changed. */
  readonly lastModified: number | null
}

const ROOT = 'root'

/**
 * The levels of loggers. Names are dotted; a logger without its own level inherits the level of its nearest
 * ancestor.
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

  /** Calls `onRegister` for each existing logger, and for each logger that is registered later. */
  watch(onRegister: (name: string) => void): void {
    this.#onRegister = onRegister
    for (const name of this.#known) onRegister(name)
  }

  /** Registers a logger, so that its level can be read and listed before it is set. */
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

  /** Returns the level of a logger, its own or an inherited one; undefined if the logger does not exist. */
  get(name: string): LevelEntry | undefined {
    const key = keyOf(name)
    if (!this.#known.has(key) && !this.#levels.has(key)) return undefined
    return { level: this.#effective(key), lastModified: this.#modified.get(key) ?? null }
  }

  /** Returns all loggers, sorted by name. Omits those with level OFF, like Java. */
  entries(): [string, LevelEntry][] {
    const names = [...new Set([...this.#known, ...this.#levels.keys()])].toSorted(inOrder)
    return names.flatMap((name): [string, LevelEntry][] => {
      const entry = this.get(name)
      return entry === undefined || entry.level === 'OFF' ? [] : [[name, entry]]
    })
  }

  /**
   * Sets the level of a logger and of its descendants that have their own level. Returns all loggers whose
   * level changed.
   *
   * A descendant is any logger whose name starts with `namespace`, so `org.foobar` is a descendant of
   * `org.foo`.
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
    // Java does not list a logger that is OFF, so it counts as changed even when it stays OFF
    const wasOff = (name: string) => name === key && before.get(name) === 'OFF'
    const changed = names.filter((name) => this.#effective(name) !== before.get(name) || wasOff(name))
    for (const name of changed) this.#modified.set(name, now)
    this.#cache.clear()
    return changed
  }

  /** Returns all levels that are set, for use in another process. */
  export(): [string, LogLevel][] {
    return [...this.#levels]
  }

  replaceAll(levels: readonly (readonly [string, LogLevel])[]): void {
    this.#levels.clear()
    for (const [name, level] of levels) this.#levels.set(name, level)
    this.#cache.clear()
  }

  /** Returns the effective level of a logger, its own or an inherited one. */
  #effective(name: string): LogLevel {
    for (let at = name; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const own = this.#levels.get(at)
      if (own !== undefined) return own
    }
    return this.#levels.get(ROOT) ?? 'INFO'
  }
}

/** The root logger has two names: the empty string, and `root` in any case. */
const keyOf = (name: string): string => (name === '' || name.toLowerCase() === ROOT ? ROOT : name)

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
