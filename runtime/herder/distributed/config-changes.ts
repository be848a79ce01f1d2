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
  readonly #known = new Set<string>()
  #rebalance = false
  #connectors = new Set<string>()
  #targetStates = new Set<string>()
  #tasks = new Set<string>()
  #restarts = new Map<string, RestartRequest>()

  /** `wake` is called on each change. */
  constructor(wake: () => void, onLevel: (namespace: string, level: string) => void) {
    this.#wake = wake
    this.#onLevel = onLevel
  }

  /** Registers the connectors that exist at startup: only other ones require a rebalance. */
  addKnown(connectors: Iterable<string>): void {
    for (const name of connectors) this.#known.add(name)
  }

  /** Returns and clears the changes since the last call. */
  take(): PendingChanges {
    const taken = {
      rebalance: this.#rebalance,
      connectors: this.#connectors,
      targetStates: this.#targetStates,
      tasks: this.#tasks,
      restarts: [...this.#restarts.values()],
    }
    this.#rebalance = false
    this.#connectors = new Set()
    this.#targetStates = new Set()
    this.#tasks = new Set()
    this.#restarts = new Map()
    return taken
  }

  connectorUpdated(name: string): void {
    if (!this.#known.has(name)) this.#rebalance = true
    this.#known.add(name)
    this.#connectors.add(name)
    this.#wake()
  }

  connectorRemoved(name: string): void {
    this.#known.delete(name)
    this.#rebalance = true
    this.#wake()
  }

  tasksUpdated(tasks: readonly TaskId[]): void {
    this.#rebalance = true
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
