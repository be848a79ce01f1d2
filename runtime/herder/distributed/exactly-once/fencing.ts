import { ConnectError, isConnectError } from '../../../../api/index.ts'
import type { ConfigSnapshot, ConfigStore } from '../../../stores/index.ts'

export interface FencingPorts {
  readonly configs: Pick<ConfigStore, 'snapshot' | 'refresh' | 'putTaskCountRecord'>
  readonly syncTimeoutMs: number
  /** Fences the producers of task IDs 0 to `tasks` - 1. */
  fenceProducers(connector: string, tasks: number): Promise<void>
  /** Runs a step in a tick of the herder. */
  inTurn<T>(step: () => Promise<T>): Promise<T>
}

/**
 * As leader: fences zombie producers of tasks that may still run with older settings, before new tasks start.
 * Concurrent requests for one connector share a round.
 *
 * Invariant 5: no task of a new generation starts before all tasks of the earlier ones are fenced.
 * Source: DistributedHerder.doFenceZombieSourceTasks, ZombieFencing (KIP-618).
 */
export class Fencing {
  readonly #ports: FencingPorts
  readonly #rounds = new Map<string, Promise<void>>()

  constructor(ports: FencingPorts) {
    this.#ports = ports
  }

  /**
   * Call it in a tick, but do not await it there. Throws `HR_REBALANCING` when newer settings arrive
   * meanwhile, and when the leader may not write.
   */
  async run(connector: string): Promise<void> {
    const { taskCountRecords, taskCounts, pendingFencing } = this.#ports.configs.snapshot()
    if (!pendingFencing.has(connector)) return
    const known = this.#rounds.get(connector)
    if (known !== undefined) return known
    const before = taskCountRecords.get(connector) ?? 0
    const after = taskCounts.get(connector) ?? 0
    const round = this.#round(connector, before, after).finally(() => this.#rounds.delete(connector))
    this.#rounds.set(connector, round)
    return round
  }

  /** A single task that replaces a single one fences it by itself: both have the same transactional id. */
  async #round(connector: string, before: number, after: number): Promise<void> {
    const { configs, fenceProducers } = this.#ports
    const generation = generationOf(configs.snapshot(), connector)
    if (before > 0 && !(before === 1 && after === 1)) await fenceProducers(connector, before)
    await this.#record(connector, after, generation)
  }

  async #record(connector: string, tasks: number, generation: number): Promise<void> {
    const { configs, syncTimeoutMs, inTurn } = this.#ports
    await inTurn(async () => {
      await configs.refresh(syncTimeoutMs)
      if (generation < generationOf(configs.snapshot(), connector)) {
        const message = 'Fencing failed because new task configurations were generated for the connector'
        throw new ConnectError('HR_REBALANCING', message)
      }
      try {
        await configs.putTaskCountRecord(connector, tasks)
      } catch (cause) {
        if (!isConnectError(cause) || cause.code !== 'HR_WRITE_FENCED') throw cause
        throw new ConnectError('HR_REBALANCING', cause.message, { cause })
      }
    })
  }
}

const generationOf = ({ generations }: ConfigSnapshot, connector: string): number =>
  generations.get(connector) ?? -1
