import { ConnectError, type Props } from '../../../../api/index.ts'
import {
  taskName,
  type ConfigStore,
  type RestartRequest,
  type TargetState,
  type TaskId,
} from '../../../stores/index.ts'
import type { Worker, WorkerRuntime } from '../../../worker/index.ts'
import type { ConnectorInfo, ConnectorOffset, ConnectorStateInfo, PutOptions } from '../../herder.ts'
import type { ConnectorOffsets } from '../../shared/connector-offsets.ts'
import type { DeletionNotices } from '../../shared/deletion-notices.ts'
import type { Lifecycle } from '../../shared/lifecycle.ts'
import { otherWorker } from './request-target.ts'
import type { StageTracker } from '../../shared/stage.ts'
import { onPresentConfig, refuseOutdated } from '../../shared/patch.ts'
import { tasksOf } from '../../shared/task-configs.ts'
import { withChanges, withName } from '../../shared/validation.ts'
import { notFound, type Views } from '../../shared/views.ts'
import type { Membership } from '../membership.ts'
import type { RequestQueue } from './request-queue.ts'

export interface ConnectorRequestParts {
  readonly configs: ConfigStore
  readonly runtime: WorkerRuntime
  readonly worker: Worker
  readonly views: Views
  readonly lifecycle: Lifecycle
  readonly membership: Membership
  readonly requests: RequestQueue
  readonly stages: StageTracker
  readonly offsets: ConnectorOffsets
  readonly deletionNotices: DeletionNotices
  readonly syncTimeoutMs: number
  /** Fences the tasks of a source; undefined unless sources write in transactions. */
  readonly fence: ((connector: string) => Promise<void>) | undefined
}

/**
 * User requests that change a connector, executed in the herder's ticks. The leader writes to the config
 * topic; the worker that owns an instance restarts it. A worker that cannot handle a request throws an error
 * that names the one that can.
 *
 * Source: DistributedHerder.
 */
export class ConnectorRequests {
  readonly #parts: ConnectorRequestParts

  constructor(parts: ConnectorRequestParts) {
    this.#parts = parts
  }

  put(name: string, config: Props, options: PutOptions) {
    return this.#putValid(name, withName(name, config), options)
  }

  patch(name: string, changes: Props): Promise<ConnectorInfo> {
    const { requests, views } = this.#parts
    const read = () => {
      this.#refuseUnlessLeader('Only the leader can patch connector configs.')
      return views.config(name)
    }
    return onPresentConfig(async () => {
      const base = await requests.add(read, { connector: name })
      const check = () => refuseOutdated(views.config(name), base)
      return (await this.#putValid(name, withChanges(base, changes), { mayReplace: true }, check)).info
    })
  }

  delete(name: string): Promise<void> {
    const remove = async () => {
      this.#refuseUnlessLeader('Only the leader can delete connector configs.')
      const { configs, deletionNotices } = this.#parts
      const config = configs.snapshot().connectors.get(name)
      if (config === undefined) throw notFound(`Connector ${name} not found`)
      await this.#write(`removing the config for connector ${name} from the config topic`, () =>
        configs.removeConnector(name),
      )
      deletionNotices.add(name, config)
    }
    return this.#parts.requests.add(remove, { connector: name })
  }

  async restartConnector(name: string): Promise<void> {
    const { requests, worker, stages, lifecycle, membership } = this.#parts
    const restart = async () => {
      if (!this.#has(name)) throw notFound(`Unknown connector: ${name}`)
      if (!worker.hasConnector(name))
        throw this.#ownedElsewhere('connector', membership.ownerOfConnector(name))
      await stages.during(`stopping restarted connector ${name}`, () => worker.stopConnector(name))
      return { started: lifecycle.startWithTasks(name) } // not awaited in the tick
    }
    const start = await requests.add(restart, { connector: name })
    try {
      await start.started
    } catch (error) {
      throw new ConnectError('HR_CONNECT', `Failed to start connector: ${name}`, { cause: error })
    }
  }

  restartTask(id: TaskId): Promise<void> {
    const { requests, worker, stages, lifecycle, membership, configs, views } = this.#parts
    const restart = async () => {
      if (!this.#has(id.connector)) throw notFound(`Unknown connector: ${id.connector}`)
      if (configs.snapshot().taskConfigs.get(id.connector)?.has(id.task) !== true)
        throw views.missing(id.connector, `Unknown task: ${taskName(id)}`)
      if (!worker.hasTask(id)) throw this.#ownedElsewhere('task', membership.ownerOfTask(taskName(id)))
      await stages.during(`restarting task ${taskName(id)}`, () => lifecycle.restartTask(id))
    }
    return requests.add(restart, { connector: id.connector })
  }

  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    const { requests, configs, views } = this.#parts
    const { connector } = request
    const write = async () => {
      if (!this.#has(connector)) throw notFound(`Unknown connector: ${connector}`)
      this.#refuseUnlessLeader('Only the leader can process restart requests.')
      const plan = views.restartPlan(request)
      await this.#write(`writing restart request for connector ${connector} to the config topic`, () =>
        configs.putRestartRequest(request),
      )
      return plan
    }
    return requests.add(write, { connector })
  }

  async setTargetState(name: string, state: TargetState): Promise<void> {
    const { configs, requests, syncTimeoutMs } = this.#parts
    if (state !== 'STOPPED') {
      if (!this.#has(name)) throw notFound(`Unknown connector ${name}`)
      return configs.putTargetState(name, state)
    }
    const stop = async () => {
      if (!this.#has(name)) throw notFound(`Unknown connector ${name}`)
      this.#refuseUnlessLeader('Only the leader can transition connectors to the STOPPED state.')
      // Without task configs, a worker that does not learn of the target state has nothing to run
      await this.#write(`writing 0 task configs for connector ${name} to the config topic`, () =>
        configs.putTasks(name, []),
      )
      await this.#write(
        `writing the STOPPED target stage for connector ${name} to the config topic`,
        async () => {
          await configs.putTargetState(name, 'STOPPED')
          await configs.refresh(syncTimeoutMs)
        },
      )
    }
    await requests.add(stop, { connector: name })
  }

  /** Calls the connector outside of the ticks, since it may take long. */
  async changeOffsets(name: string, wanted: readonly ConnectorOffset[] | null): Promise<boolean> {
    const { requests, configs, offsets, stages, syncTimeoutMs, views, fence } = this.#parts
    const check = async () => {
      this.#refuseUnlessLeader('Only the leader can process external offsets modification requests')
      await stages.during('reading to the end of the config topic', () =>
        configs.refresh(syncTimeoutMs).catch((cause: unknown) => {
          const message = 'Failed to read to end of config topic before modifying connector offsets'
          throw new ConnectError('HR_CONNECT', message, { cause })
        }),
      )
      offsets.refuseUnlessStopped(name)
    }
    await requests.add(check, { connector: name })
    if (fence !== undefined && views.info(name).type === 'source') {
      // Zombie tasks must not overwrite the offsets, and the connector may have been resumed meanwhile
      await fence(name)
      await requests.add(check, { connector: name })
    }
    return offsets.change(name, wanted)
  }

  /** `check` is called right before the config is written. */
  async #putValid(name: string, config: Props, { mayReplace, initialState }: PutOptions, check = () => {}) {
    const { runtime, requests, configs, views, deletionNotices } = this.#parts
    await runtime.requireValid(config)
    const write = async () => {
      this.#refuseUnlessLeader('Only the leader can set connector configs.')
      check()
      const created = !this.#has(name)
      if (!created && !mayReplace)
        throw new ConnectError('HR_ALREADY_EXISTS', `Connector ${name} already exists`)
      await this.#write(`writing a config for connector ${name} to the config topic`, () =>
        configs.putConnector(name, config, initialState),
      )
      const tasks = tasksOf(configs.snapshot(), name)
      return { created, info: { name, config, tasks, type: views.typeOf(config) } }
    }
    const inTurn = <T>(step: () => T | Promise<T>) => requests.add(step, { connector: name })
    return deletionNotices.writeOnceHandled(name, inTurn, write)
  }

  #write(description: string, step: () => Promise<void>): Promise<void> {
    return this.#parts.stages.during(description, step)
  }

  #has(name: string): boolean {
    return this.#parts.configs.snapshot().connectors.has(name)
  }

  #refuseUnlessLeader(message: string): void {
    const { membership } = this.#parts
    if (!membership.isLeader) throw otherWorker(message, membership.leaderUrl)
  }

  /** The leader knows the owner of each instance; the other workers know the leader. */
  #ownedElsewhere(what: string, owner: string | undefined): ConnectError {
    const { isLeader, leaderUrl } = this.#parts.membership
    const message = `Cannot restart ${what} since it is not assigned to this member`
    return otherWorker(message, isLeader ? owner : leaderUrl)
  }
}
