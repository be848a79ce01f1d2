import type { ConfigListener, RestartRequest, SessionKey, TaskId } from '../../stores/index.ts'
import { impact } from '../shared/restart-plan.ts'

/** What came in through the config log and waits for the next turn. */
export interface PendingChanges {
  /** A connector came or went, or tasks were committed: the work has to be divided anew. */
  readonly rebalance: boolean
  readonly connectors: ReadonlySet<string>
  readonly targetStates: ReadonlySet<string>
  /** Connectors whose task settings were committed. */
  readonly tasks: ReadonlySet<string>
  readonly restarts: readonly RestartRequest[]
}

/**
 * Collects changes of the config log, so that a turn can take them all at once.
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

  /** `wake` is called when something came in. */
  constructor(wake: () => void, onLevel: (namespace: string, level: string) => void) {
    this.#wake = wake
    this.#onLevel = onLevel
  }

  /** Says which connectors there were at the start: only for others the work has to be divided anew. */
  know(connectors: Iterable<string>): void {
    for (const name of connectors) this.#known.add(name)
  }

  /** All that has come in since the last call. */
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

  /** Of several requests for a connector the weightiest is kept. */
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
