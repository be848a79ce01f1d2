import type { ConfigListener, RestartRequest, SessionKey, TaskId } from '../../stores/index.ts'
import { impact } from '../shared/restart-plan.ts'

/** Changes read from the config log that the next tick applies. */
export interface PendingChanges {
  /** A connector was created or deleted, or tasks were committed: a rebalance is needed. */
  readonly rebalance: boolean
  readonly connectors: ReadonlySet<string>
  readonly targetStates: ReadonlySet<string>
  /** Connectors whose task settings were committed. */
  readonly tasks: ReadonlySet<string>
  readonly restarts: readonly RestartRequest[]
}

/**
 * Collects changes of the config log, so that one tick can apply them together.
 *
 * Source: DistributedHerder.ConfigUpdateListener.
 */
export class ConfigChanges implements ConfigListener {
  readonly #wake: () => void
  readonly #onLevel: (namespace: string, level: string) => void
  readonly #position: () => number
  readonly #known = new Set<string>()
  /** Position in the config log after the last change that needs a rebalance; undefined without one. */
  #workChangedAt: number | undefined
  #connectors = new Set<string>()
  #targetStates = new Set<string>()
  #tasks = new Set<string>()
  #restarts = new Map<string, RestartRequest>()

  /** `wake` is called on each change; `position` returns the position in the config log. */
  constructor(wake: () => void, onLevel: (namespace: string, level: string) => void, position: () => number) {
    this.#wake = wake
    this.#onLevel = onLevel
    this.#position = position
  }

  /** Registers the connectors that exist at startup: only other ones require a rebalance. */
  addKnown(connectors: Iterable<string>): void {
    for (const name of connectors) this.#known.add(name)
  }

  /**
   * Tells that an assignment is based on the log up to `offset`. Returns whether a later change needs another
   * rebalance; earlier ones need none.
   *
   * Differs: Java rejoins whenever it has read further.
   */
  exceed(offset: number): boolean {
    if (this.#workChangedAt === undefined) return false
    if (this.#workChangedAt > offset) return true
    this.#workChangedAt = undefined
    return false
  }

  /** Returns and clears the changes since the last call. */
  take(): PendingChanges {
    const taken = {
      rebalance: this.#workChangedAt !== undefined,
      connectors: this.#connectors,
      targetStates: this.#targetStates,
      tasks: this.#tasks,
      restarts: [...this.#restarts.values()],
    }
    this.#workChangedAt = undefined
    this.#connectors = new Set()
    this.#targetStates = new Set()
    this.#tasks = new Set()
    this.#restarts = new Map()
    return taken
  }

  connectorUpdated(name: string): void {
    if (!this.#known.has(name)) this.#workChangedAt = this.#position()
    this.#known.add(name)
    this.#connectors.add(name)
    this.#wake()
  }

  connectorRemoved(name: string): void {
    this.#known.delete(name)
    this.#workChangedAt = this.#position()
    this.#wake()
  }

  tasksUpdated(tasks: readonly TaskId[]): void {
    this.#workChangedAt = this.#position()
    for (const { connector } of tasks) this.#tasks.add(connector)
    this.#wake()
  }

  targetStateChanged(name: string): void {
    this.#targetStates.add(name)
    this.#wake()
  }

  sessionKeyUpdated(_key: SessionKey): void {
    this.#wake()
  }

  /** Of several restart requests for a connector, keeps the one with the highest impact. */
  restartRequested(request: RestartRequest): void {
    const known = this.#restarts.get(request.connector)
    if (known === undefined || impact(known) <= impact(request))
      this.#restarts.set(request.connector, request)
    this.#wake()
  }

  loggerLevelChanged(namespace: string, level: string): void {
    this.#onLevel(namespace, level)
  }
}
