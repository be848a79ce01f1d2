import { ConnectError, type Logger, type TaskProps } from '../../../../api/index.ts'
import type { DistributedWorkerConfig } from '../../../../config/index.ts'
import type { ConfigStore } from '../../../stores/index.ts'
import type { Worker } from '../../../worker/index.ts'
import type { RequestSignature } from '../../peers.ts'
import type { StageTracker } from '../../shared/stage.ts'
import { taskConfigsChanged } from '../../shared/task-configs.ts'
import type { Views } from '../../shared/views.ts'
import type { Fencing } from '../exactly-once/fencing.ts'
import type { Membership } from '../membership.ts'
import type { Leader } from './leader.ts'
import type { RequestQueue } from './request-queue.ts'
import { refuseUnsigned } from './request-signature.ts'
import { otherWorker } from './request-target.ts'

export interface InternalRequestParts {
  readonly config: DistributedWorkerConfig
  readonly configs: ConfigStore
  readonly worker: Worker
  readonly views: Views
  readonly membership: Membership
  readonly requests: RequestQueue
  readonly stages: StageTracker
  readonly leader: Leader
  readonly fencing: Fencing
  readonly log: Logger
}

/**
 * Requests between workers of a cluster: the leader writes task configs, and fences producers of older tasks,
 * on behalf of the worker that runs the connector. Requests that arrive over the network must be signed.
 *
 * Source: DistributedHerder, InternalClusterResource (KIP-507, KIP-618).
 */
export class InternalRequests {
  readonly #parts: InternalRequestParts

  constructor(parts: InternalRequestParts) {
    this.#parts = parts
  }

  async putTaskConfigs(
    name: string,
    configs: readonly TaskProps[],
    signature: RequestSignature | undefined,
  ): Promise<void> {
    this.#refuseUnsigned(signature)
    const { requests, views } = this.#parts
    const write = async () => {
      this.#refuseUnlessLeader('Only the leader may write task configurations.')
      views.config(name)
      await this.#writeTasks(name, configs)
    }
    await requests.add(write, { connector: name })
  }

  async fence(name: string, signature: RequestSignature | undefined): Promise<void> {
    this.#refuseUnsigned(signature)
    await this.fenceAsLeader(name)
  }

  /** Runs a round of fencing, without a signature. Throws `HR_NOT_LEADER`, and the errors of {@link Fencing.run}. */
  async fenceAsLeader(name: string): Promise<void> {
    const { config, configs, requests, views, fencing } = this.#parts
    const round = await requests.add(async () => {
      this.#refuseUnlessLeader('Only the leader may perform zombie fencing.')
      if (views.info(name).type !== 'source') {
        throw new ConnectError('HR_BAD_REQUEST', `Connector ${name} is not a source connector`)
      }
      await configs.refresh(config['worker.sync.timeout.ms'])
      return { done: fencing.run(name) } // not awaited in the tick
    })
    await round.done
  }

  /** Stores new task configs as leader, or forwards them to the leader. */
  async publish(name: string, made: readonly TaskProps[]): Promise<void> {
    const { configs, worker, membership, requests, leader, log } = this.#parts
    const write = async () => {
      const snapshot = configs.snapshot()
      if (!worker.isStarted(name) || snapshot.targetStates.get(name) === 'STOPPED') return false
      if (!taskConfigsChanged(snapshot, name, made)) return false
      log.info('task configs updated; the tasks restart with them', { connector: name, tasks: made.length })
      if (!membership.isLeader) return true
      await this.#writeTasks(name, made)
      return false
    }
    const isOther = await requests.add(write, { connector: name })
    if (isOther) await leader.putTaskConfigs(name, made)
  }

  async #writeTasks(name: string, made: readonly TaskProps[]): Promise<void> {
    const { configs, stages } = this.#parts
    const stopped = configs.snapshot().targetStates.get(name) === 'STOPPED'
    if (stopped && made.length > 0) {
      const message = `Cannot submit non-empty set of task configs for stopped connector ${name}`
      throw new ConnectError('HR_BAD_REQUEST', message)
    }
    const stage = `writing ${made.length} task configs for connector ${name} to the config topic`
    await stages.during(stage, () => configs.putTasks(name, made))
  }

  #refuseUnsigned(signature: RequestSignature | undefined): void {
    const { config, configs, membership } = this.#parts
    if (!membership.signsRequests) return
    const algorithms = config['inter.worker.verification.algorithms']
    refuseUnsigned(signature, algorithms, configs.snapshot().sessionKey)
  }

  #refuseUnlessLeader(message: string): void {
    const { membership } = this.#parts
    if (!membership.isLeader) throw otherWorker(message, membership.leaderUrl)
  }
}
