import { ConnectError, isRetriable, messageOf, type Logger } from '../../../../api/index.ts'
import { taskName, type ConfigStore, type TaskId } from '../../../stores/index.ts'
import { Backoff, sleep } from '../../../timing/index.ts'
import type { TaskAdmission } from '../../../worker/index.ts'
import type { Membership } from '../membership.ts'
import type { Leader } from '../requests/leader.ts'
import type { RequestQueue } from '../requests/request-queue.ts'

const READ_TIMEOUT_MS = 60_000
const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 10_000

export interface TaskAdmissionPorts {
  readonly configs: Pick<ConfigStore, 'snapshot' | 'refresh'>
  readonly requests: Pick<RequestQueue, 'add'>
  readonly membership: Pick<Membership, 'isLeader' | 'allocation'>
  readonly leader: Pick<Leader, 'fence'>
  /** Runs a round of fencing on this worker, which leads the cluster. */
  fenceAsLeader(connector: string): Promise<void>
  readonly stopped: AbortSignal
  readonly log: Logger
}

/**
 * The part of a distributed herder in the start of a source task that writes in transactions.
 *
 * Differs: while there is no leader, or it cannot answer, the worker repeats its request; in Kafka Connect the task
 * fails.
 * Source: DistributedHerder.fenceZombieSourceTasks, verifyTaskGenerationAndOwnership (KIP-618).
 */
export class DistributedTaskAdmission implements TaskAdmission {
  readonly #ports: TaskAdmissionPorts

  constructor(ports: TaskAdmissionPorts) {
    this.#ports = ports
  }

  async fence(connector: string): Promise<void> {
    const { stopped, log } = this.#ports
    const backoff = new Backoff(FIRST_RETRY_MS, MAX_RETRY_MS)
    for (;;) {
      try {
        return await this.#fenceOnce(connector)
      } catch (error) {
        if (!isRetriable(error) || stopped.aborted) throw error
        const fields = { connector, reason: messageOf(error) }
        log.warn('cannot fence earlier tasks of a connector yet; its tasks start afterwards', fields)
        if (!(await sleep(backoff.next(), stopped))) throw error
      }
    }
  }

  async verifyTask(id: TaskId, generation: number): Promise<void> {
    const { configs, requests, membership } = this.#ports
    await configs.refresh(READ_TIMEOUT_MS)
    await requests.add(
      () => {
        if (generation < (configs.snapshot().generations.get(id.connector) ?? 0)) {
          const reason =
            'with exactly-once support as the connector has already generated a new set of task configs'
          throw new ConnectError('HR_CONNECT', `Cannot start source task ${taskName(id)} ${reason}`)
        }
        if (membership.allocation.tasks.has(taskName(id))) return
        const reason = 'as it has already been revoked from this worker'
        throw new ConnectError('HR_CONNECT', `Cannot start source task ${taskName(id)} ${reason}`)
      },
      { connector: id.connector },
    )
  }

  #fenceOnce(connector: string): Promise<void> {
    const { membership, leader, fenceAsLeader } = this.#ports
    return membership.isLeader ? fenceAsLeader(connector) : leader.fence(connector)
  }
}
