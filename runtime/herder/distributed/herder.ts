import { ConnectError, messageOf, type Logger, type Props, type TaskProps } from '../../../api/index.ts'
import type { DistributedWorkerConfig } from '../../../config/index.ts'
import { GroupMember, type KafkaClient } from '../../kafka/index.ts'
import type { PluginCatalog, PluginInfo } from '../../plugins/index.ts'
import {
  taskName,
  type ConfigStore,
  type OffsetStore,
  type RestartRequest,
  type StatusStore,
  type TargetState,
  type TaskId,
} from '../../stores/index.ts'
import { Signal, within } from '../../timing/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../../validation/index.ts'
import type { TaskSnapshot, Worker, WorkerRuntime } from '../../worker/index.ts'
import type { ConnectorInfo, ConnectorStateInfo, Herder, PutOptions } from '../herder.ts'
import { Reconfiguration } from '../shared/reconfiguration.ts'
import { restartPlan } from '../shared/restart-plan.ts'
import { StageTracker } from '../shared/stage.ts'
import { StatusReporter } from '../shared/status-reporter.ts'
import { taskConfigsChanged, tasksOf } from '../shared/task-configs.ts'
import { refuseInvalid, withChanges, withName } from '../shared/validation.ts'
import { notFound, Views } from '../shared/views.ts'
import { workerListener } from '../shared/worker-listener.ts'
import { ConfigChanges } from './changes.ts'
import { Duties } from './duties.ts'
import { Membership } from './membership.ts'
import { RequestQueue } from './requests.ts'
import { Turns } from './turns.ts'

const LEAVE_TIMEOUT_MS = 5000

export interface DistributedParts {
  readonly config: DistributedWorkerConfig
  readonly kafkaClusterId: string | null
  /** host:port under which this worker is known. */
  readonly workerId: string
  /** Where other workers reach its REST API. */
  readonly url: string
  /** For the membership; closed by the herder. */
  readonly client: KafkaClient
  readonly configs: ConfigStore
  readonly statuses: StatusStore
  readonly offsets: OffsetStore
  readonly catalog: PluginCatalog
  readonly runtime: WorkerRuntime
  /** A log level that was set for the whole cluster. */
  readonly onLogLevel: (namespace: string, level: string) => void
  readonly log: Logger
}

/**
 * A worker of a cluster. What is asked for is written to the config topic by the leader; every worker follows that
 * topic, and does its part in its own turns.
 *
 * Source: DistributedHerder.
 */
export class DistributedHerder implements Herder {
  readonly #parts: DistributedParts
  readonly #views: Views
  readonly #worker: Worker
  readonly #reconfiguration: Reconfiguration
  readonly #duties: Duties
  readonly #membership: Membership
  readonly #member: GroupMember
  readonly #changes: ConfigChanges
  readonly #requests: RequestQueue
  readonly #turns: Turns
  readonly #stages = new StageTracker()
  readonly #wake = new Signal()
  readonly #stopped = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(parts: DistributedParts) {
    this.#parts = parts
    const { config, configs, statuses, catalog, log } = parts
    const wake = () => this.#wake.notify()
    const snapshot = () => configs.snapshot()
    this.#views = new Views(snapshot, statuses, catalog)
    const reporter = new StatusReporter(statuses, parts.workerId, () => this.#membership.generation)
    this.#worker = parts.runtime.createWorker(
      workerListener(reporter, statuses, config['topic.tracking.enable'], {
        reconfigurationRequested: (name) => this.#reconfiguration.request(name),
        valuesExpire: (name, inMs) =>
          void this.#requests.add(() => this.#renewValues(name), inMs).catch(() => {}),
      }),
    )
    this.#reconfiguration = new Reconfiguration(
      { worker: this.#worker, snapshot, publish: (name, made) => this.#publish(name, made) },
      this.#stopped.signal,
      log,
    )
    this.#duties = new Duties({
      worker: this.#worker,
      statuses,
      reporter,
      reconfiguration: this.#reconfiguration,
      snapshot,
      planOf: (request) => this.#planOf(request),
      log,
    })
    const groupSettings = {
      url: parts.url,
      protocol: config['connect.protocol'],
      maxDelayMs: config['scheduled.rebalance.max.delay.ms'],
    }
    this.#membership = new Membership(
      groupSettings,
      {
        offset: () => configs.snapshot().offset,
        configured: () => {
          const connectors = [...configs.snapshot().connectors.keys()]
          return { connectors, tasks: connectors.flatMap((name) => tasksOf(configs.snapshot(), name)) }
        },
        giveUp: (work) => this.#duties.giveUp(work),
      },
      log,
    )
    this.#member = new GroupMember(
      parts.client,
      {
        groupId: config['group.id'],
        sessionTimeoutMs: config['session.timeout.ms'],
        rebalanceTimeoutMs: config['rebalance.timeout.ms'],
        heartbeatIntervalMs: config['heartbeat.interval.ms'],
      },
      this.#membership,
      wake,
    )
    this.#changes = new ConfigChanges(wake, parts.onLogLevel)
    this.#requests = new RequestQueue(wake)
    this.#turns = new Turns({
      config,
      configs,
      member: this.#member,
      membership: this.#membership,
      duties: this.#duties,
      changes: this.#changes,
      requests: this.#requests,
      stages: this.#stages,
      wake: this.#wake,
      stopped: this.#stopped.signal,
      log,
    })
  }

  get kafkaClusterId(): string | null {
    return this.#parts.kafkaClusterId
  }
  get ready(): boolean {
    return this.#turns.turned
  }
  get stage(): string {
    return this.#stages.summary()
  }

  /** Resolves once the stores are read; membership follows in the background. */
  async start(): Promise<void> {
    const { configs, statuses, offsets, runtime } = this.#parts
    await this.#stages.during('initializing and reading to the end of internal topics', () =>
      Promise.all([configs.start(this.#changes), statuses.start(), offsets.start(), runtime.discover()]),
    )
    this.#changes.know(configs.snapshot().connectors.keys())
    this.#running = this.#turns.run()
    this.#running.catch(() => {}) // told to who waits for the end
  }

  /** Rejects when the worker cannot go on, and resolves when it has been stopped. */
  ended(): Promise<void> {
    return this.#running
  }

  async stop(): Promise<void> {
    const { config, configs, statuses, offsets, runtime, client } = this.#parts
    this.#stopped.abort(new ConnectError('HR_CONNECT', 'Worker is shutting down'))
    this.#requests.close(new ConnectError('HR_CONNECT', 'Worker is shutting down'))
    if (this.#member.state === 'joining') await this.#leave()
    await this.#stages.during('shutting down', async () => {
      const turned = this.#running.catch(() => {}) // what failed has been told
      await within(config['task.shutdown.graceful.timeout.ms'], turned, () => {})
      await this.#worker.stopAll()
      await within(LEAVE_TIMEOUT_MS, statuses.flush(), () => {})
      await this.#leave()
      await Promise.all([configs.stop(), statuses.stop(), offsets.stop(), runtime.close()])
      await client.close()
    })
  }

  healthy(): Promise<void> {
    return this.#requests.add(() => {})
  }

  connectors(): string[] {
    return this.#views.connectors()
  }
  async info(name: string): Promise<ConnectorInfo> {
    return this.#views.info(name)
  }
  async config(name: string): Promise<Props> {
    return this.#views.config(name)
  }
  status(name: string): ConnectorStateInfo {
    return this.#views.status(name)
  }
  async tasks(name: string) {
    return this.#views.tasks(name)
  }
  taskStatus(id: TaskId) {
    return this.#views.taskStatus(id)
  }

  async put(name: string, config: Props, options: PutOptions) {
    return this.#putValid(name, withName(name, config), options)
  }

  async patch(name: string, changes: Props): Promise<ConnectorInfo> {
    const patched = await this.#requests.add(() => {
      this.#refuseUnlessLeader()
      return withChanges(this.#views.config(name), changes)
    })
    return (await this.#putValid(name, patched, { mayReplace: true })).info
  }

  delete(name: string): Promise<void> {
    return this.#requests.add(async () => {
      this.#refuseUnlessLeader()
      if (!this.#has(name)) throw notFound(`Connector ${name} not found`)
      await this.#write(`removing the config for connector ${name} from the config topic`, () =>
        this.#parts.configs.removeConnector(name),
      )
    })
  }

  async restartConnector(name: string): Promise<void> {
    const start = await this.#requests.add(async () => {
      if (!this.#has(name)) throw notFound(`Unknown connector: ${name}`)
      if (!this.#worker.hasConnector(name)) throw this.#ownedElsewhere(`connector ${name}`)
      await this.#stages.during(`stopping connector ${name}`, () => this.#worker.stopConnector(name))
      return { started: this.#duties.startConnector(name) } // not waited for in the turn
    })
    try {
      await start.started
    } catch (error) {
      throw new ConnectError('HR_CONNECT', `Failed to start connector: ${name}`, { cause: error })
    }
  }

  restartTask(id: TaskId): Promise<void> {
    return this.#requests.add(async () => {
      if (!this.#has(id.connector)) throw notFound(`Unknown connector: ${id.connector}`)
      const { taskConfigs } = this.#parts.configs.snapshot()
      if (taskConfigs.get(id.connector)?.has(id.task) !== true)
        throw notFound(`Unknown task: ${taskName(id)}`)
      if (!this.#worker.hasTask(id)) throw this.#ownedElsewhere(`task ${taskName(id)}`)
      await this.#stages.during(`restarting task ${taskName(id)}`, () => this.#duties.restartTask(id))
    })
  }

  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    const { connector } = request
    return this.#requests.add(async () => {
      if (!this.#has(connector)) throw notFound(`Unknown connector: ${connector}`)
      this.#refuseUnlessLeader()
      const plan = this.#planOf(request)
      if (plan === undefined) throw notFound(`Status for connector ${connector} not found`)
      await this.#write(`writing restart request for connector ${connector} to the config topic`, () =>
        this.#parts.configs.putRestartRequest(request),
      )
      return plan
    })
  }

  async setTargetState(name: string, state: TargetState): Promise<void> {
    const { configs } = this.#parts
    if (!this.#has(name)) throw notFound(`Unknown connector ${name}`)
    if (state !== 'STOPPED') return configs.putTargetState(name, state)
    await this.#requests.add(async () => {
      if (!this.#has(name)) throw notFound(`Unknown connector ${name}`)
      this.#refuseUnlessLeader()
      // Without settings for tasks, a worker that does not get to the target state has nothing to run
      await this.#write(`writing 0 task configs for connector ${name} to the config topic`, () =>
        configs.putTasks(name, []),
      )
      await this.#write(
        `writing the STOPPED target stage for connector ${name} to the config topic`,
        async () => {
          await configs.putTargetState(name, 'STOPPED')
          await configs.refresh(this.#parts.config['worker.sync.timeout.ms'])
        },
      )
    })
  }

  async plugins(): Promise<readonly PluginInfo[]> {
    return this.#parts.catalog.list()
  }
  pluginConfig(name: string): Promise<readonly ConfigKeyInfo[]> {
    return this.#parts.runtime.pluginConfig(name)
  }
  async validate(props: Props): Promise<ConfigInfos> {
    return (await this.#parts.runtime.validate(props)).infos
  }
  snapshots(): readonly TaskSnapshot[] {
    return this.#worker.snapshots()
  }

  async #putValid(name: string, config: Props, { mayReplace, initialState }: PutOptions) {
    refuseInvalid((await this.#parts.runtime.validate(config)).infos)
    return this.#requests.add(async () => {
      this.#refuseUnlessLeader()
      const created = !this.#has(name)
      if (!created && !mayReplace)
        throw new ConnectError('HR_ALREADY_EXISTS', `Connector ${name} already exists`)
      await this.#write(`writing a config for connector ${name} to the config topic`, () =>
        this.#parts.configs.putConnector(name, config, initialState),
      )
      const tasks = tasksOf(this.#parts.configs.snapshot(), name)
      return { created, info: { name, config, tasks, type: this.#views.typeOf(config) } }
    })
  }

  async #publish(name: string, made: readonly TaskProps[]): Promise<void> {
    const { configs, log } = this.#parts
    await this.#requests.add(async () => {
      const snapshot = configs.snapshot()
      if (!this.#worker.isStarted(name) || snapshot.targetStates.get(name) === 'STOPPED') return
      if (!taskConfigsChanged(snapshot, name, made)) return
      this.#refuseUnlessLeader()
      log.info('tasks are configured anew', { connector: name, tasks: made.length })
      await this.#write(`writing ${made.length} task configs for connector ${name} to the config topic`, () =>
        configs.putTasks(name, made),
      )
    })
  }

  /** A value from a config provider has run out: starting anew reads it anew. */
  async #renewValues(name: string): Promise<void> {
    if (!this.#worker.hasConnector(name)) return
    await this.#worker.stopConnector(name)
    void this.#duties.startConnector(name).catch((error: unknown) => {
      const reason = messageOf(error)
      this.#parts.log.error('a connector could not be started', { connector: name, reason })
    })
  }

  #planOf(request: RestartRequest): ConnectorStateInfo | undefined {
    if (this.#parts.statuses.connector(request.connector) === undefined) return undefined
    return restartPlan(request, this.#views.status(request.connector))
  }

  #write(description: string, step: () => Promise<void>): Promise<void> {
    return this.#stages.during(description, step)
  }

  #has(name: string): boolean {
    return this.#parts.configs.snapshot().connectors.has(name)
  }

  #refuseUnlessLeader(): void {
    if (this.#membership.isLeader) return
    const { leaderUrl } = this.#membership
    const where = leaderUrl === undefined ? 'there is none at the moment' : `ask ${leaderUrl}`
    throw new ConnectError('HR_NOT_LEADER', `Only the leader of the cluster can do this; ${where}`)
  }

  #ownedElsewhere(what: string): ConnectError {
    return new ConnectError('HR_NOT_LEADER', `Another worker of the cluster has ${what}`)
  }

  async #leave(): Promise<void> {
    await within(LEAVE_TIMEOUT_MS, this.#member.leave(), () => {})
  }
}
