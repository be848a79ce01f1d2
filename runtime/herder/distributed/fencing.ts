import { ConnectError } from '../../../api/index.ts'
import type { ConfigSnapshot, ConfigStore } from '../../stores/index.ts'

export interface FencingPorts {
  readonly configs: ConfigStore
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
   * meanwhile.
   */
  async run(connector: string): Promise<void> {
    const { configs } = this.#ports
    const { taskCountRecords, taskCounts, pendingFencing } = configs.snapshot()
    if (!pendingFencing.has(connector)) return
    const before = taskCountRecords.get(connector)
    const after = taskCounts.get(connector) ?? 0
    if (before === undefined || (before === 1 && after === 1)) {
      return configs.putTaskCountRecord(connector, after)
    }
    const known = this.#rounds.get(connector)
    if (known !== undefined) return known
    const round = this.#fence(connector, before, after).finally(() => this.#rounds.delete(connector))
    this.#rounds.set(connector, round)
    return round
  }

  async #fence(connector: string, before: number, after: number): Promise<void> {
    const { configs, syncTimeoutMs, fenceProducers, inTurn } = this.#ports
    const generation = generationOf(configs.snapshot(), connector)
    await fenceProducers(connector, before)
    await inTurn(async () => {
      await configs.refresh(syncTimeoutMs)
      if (generation < generationOf(configs.snapshot(), connector)) {
        const message = 'Fencing failed because new task configurations were generated for the connector'
        throw new ConnectError('HR_REBALANCING', message)
      }
      await configs.putTaskCountRecord(connector, after)
    })
  }
}

const generationOf = ({ generations }: ConfigSnapshot, connector: string): number =>
  generations.get(connector) ?? -1
