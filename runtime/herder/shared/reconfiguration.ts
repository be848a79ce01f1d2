import { isConnectError, messageOf, type Logger, type TaskProps } from '../../../api/index.ts'
import type { ConfigSnapshot } from '../../stores/index.ts'
import { Backoff, Signal } from '../../timing/index.ts'
import type { Worker } from '../../worker/index.ts'
import { withVariables } from './task-configs.ts'

const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 60_000

export interface ReconfigurationPorts {
  readonly worker: Pick<Worker, 'isStarted' | 'taskConfigs'>
  snapshot(): ConfigSnapshot
  /** Stores task configs that differ from the current ones. */
  publish(connector: string, configs: readonly TaskProps[]): Promise<void>
}

/**
 * Requests task configs from connectors and publishes them. A connector may take long, so ticks do not wait
 * for it. Rounds for one connector run one after the other.
 *
 * Source: DistributedHerder.reconfigureConnectorTasksWithExponentialBackoffRetries.
 */
export class Reconfiguration {
  readonly #ports: ReconfigurationPorts
  readonly #stopped: AbortSignal
  readonly #log: Logger
  readonly #rounds = new Map<string, Promise<void>>()
  readonly #asked = new Set<string>()
  readonly #trying = new Map<string, Signal>()

  constructor(ports: ReconfigurationPorts, stopped: AbortSignal, log: Logger) {
    this.#ports = ports
    this.#stopped = stopped
    this.#log = log
  }

  /** Runs one round. Throws the connector's error, and `HR_TOO_MANY_TASKS`. */
  once(connector: string): Promise<void> {
    const before = this.#rounds.get(connector) ?? Promise.resolve()
    const round = before.then(() => this.#round(connector))
    const settled = round
      .catch(() => {}) // the caller of that round handles it
      .then(() => {
        if (this.#rounds.get(connector) === settled) this.#rounds.delete(connector)
      })
    this.#rounds.set(connector, settled)
    return round
  }

  /** Repeats rounds in the background until one succeeds. */
  request(connector: string): void {
    this.#asked.add(connector)
    const trying = this.#trying.get(connector)
    if (trying === undefined) void this.#keepTrying(connector)
    else trying.notify()
  }

  /**
   * The worker ends the call when the connector is stopped or replaced, so that a round never outlives its
   * instance.
   */
  async #round(connector: string): Promise<void> {
    const { worker, snapshot, publish } = this.#ports
    this.#asked.delete(connector) // later requests need another round
    const config = snapshot().connectors.get(connector)
    if (config === undefined || !worker.isStarted(connector)) return
    await publish(connector, withVariables(await worker.taskConfigs(connector), config))
  }

  async #keepTrying(connector: string): Promise<void> {
    const wake = new Signal()
    this.#trying.set(connector, wake)
    const backoff = new Backoff(FIRST_RETRY_MS, MAX_RETRY_MS)
    while (this.#asked.has(connector) && !this.#stopped.aborted) {
      try {
        await this.once(connector)
      } catch (error) {
        // A connector that was stopped, or lost its process, requests another round when it runs again
        if (!this.#ports.worker.isStarted(connector)) continue
        const reason = messageOf(error)
        this.#log.error('cannot configure the tasks of a connector', { connector, reason })
        if (isConnectError(error) && error.code === 'HR_TOO_MANY_TASKS') continue
        this.#asked.add(connector)
        await wake.wait(backoff.next(), this.#stopped)
      }
    }
    this.#trying.delete(connector)
  }
}
