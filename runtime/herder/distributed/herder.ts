import { ConnectError, messageOf, type Logger, type Props, type TaskProps } from '../../../api/index.ts'
import type { DistributedWorkerConfig } from '../../../config/index.ts'
import { GroupMember, type KafkaClient } from '../../kafka/index.ts'
import type { PluginCatalog, PluginInfo } from '../../plugins/index.ts'
import {
  type ConfigStore,
  type OffsetStore,
  type RestartRequest,
  type StatusStore,
  type TargetState,
  type TaskId,
} from '../../stores/index.ts'
import { Signal, within } from '../../timing/index.ts'
import type { Preview, PreviewRequest } from '../../preview/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../../validation/index.ts'
import { parseLogLevel, type LogLevel, type LogLevels } from '../../telemetry/index.ts'
import type { TaskSnapshot, Worker, WorkerRuntime } from '../../worker/index.ts'
import type { ConnectorInfo, ConnectorOffset, ConnectorStateInfo, Herder, PutOptions } from '../herder.ts'
import type { Peers } from '../peers.ts'
import { ConnectorOffsets } from '../shared/connector-offsets.ts'
import { Reconfiguration } from '../shared/reconfiguration.ts'
import { otherWorker } from '../shared/request-target.ts'
import { restartPlan } from '../shared/restart-plan.ts'
import { StageTracker } from '../shared/stage.ts'
import { StatusReporter } from '../shared/status-reporter.ts'
import { taskConfigsChanged, tasksOf } from '../shared/task-configs.ts'
import { refuseInvalid } from '../shared/validation.ts'
import { Views } from '../shared/views.ts'
import { workerListener } from '../shared/worker-listener.ts'
import { ConfigChanges } from './changes.ts'
import { ConnectorRequests } from './connector-requests.ts'
import { Duties } from './duties.ts'
import { Fencing } from './fencing.ts'
import { Leader } from './leader.ts'
import { Membership } from './membership.ts'
import { refuseUnsigned, type RequestSignature } from './request-signature.ts'
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
  readonly peers: Peers
  readonly logLevels: LogLevels
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
  readonly #offsets: ConnectorOffsets
  readonly #connectorRequests: ConnectorRequests
  readonly #leader: Leader
  readonly #fencing: Fencing
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
    statuses.onTopicRemoved((name) => this.#worker.forgetTopics(name))
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
    this.#changes = new ConfigChanges(wake, (namespace, name) => {
      const level = parseLogLevel(name)
      if (level !== undefined) this.setLogLevel(namespace, level)
    })
    this.#requests = new RequestQueue(wake)
    this.#offsets = new ConnectorOffsets({ ...parts, snapshot })
    this.#connectorRequests = new ConnectorRequests({
      ...parts,
      worker: this.#worker,
      views: this.#views,
      duties: this.#duties,
      membership: this.#membership,
      requests: this.#requests,
      stages: this.#stages,
      offsets: this.#offsets,
      syncTimeoutMs: config['worker.sync.timeout.ms'],
      planOf: (request) => this.#planOf(request),
    })
    this.#leader = new Leader({
      peers: parts.peers,
      url: () => this.#membership.leaderUrl,
      key: () => (this.#membership.signsRequests ? snapshot().sessionKey : undefined),
      algorithm: config['inter.worker.signature.algorithm'],
    })
    this.#fencing = new Fencing({
      configs,
      syncTimeoutMs: config['worker.sync.timeout.ms'],
      fenceProducers: (name, tasks) => {
        const ids = Array.from({ length: tasks }, (_, task) => `${config['group.id']}-${name}-${task}`)
        return parts.runtime.fenceProducers(name, snapshot().connectors.get(name) ?? {}, ids)
      },
      inTurn: (step) => this.#requests.add(step),
    })
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

  put(name: string, config: Props, options: PutOptions) {
    return this.#connectorRequests.put(name, config, options)
  }
  patch(name: string, changes: Props): Promise<ConnectorInfo> {
    return this.#connectorRequests.patch(name, changes)
  }
  delete(name: string): Promise<void> {
    return this.#connectorRequests.delete(name)
  }
  restartConnector(name: string): Promise<void> {
    return this.#connectorRequests.restartConnector(name)
  }
  restartTask(id: TaskId): Promise<void> {
    return this.#connectorRequests.restartTask(id)
  }
  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    return this.#connectorRequests.restart(request)
  }
  setTargetState(name: string, state: TargetState): Promise<void> {
    return this.#connectorRequests.setTargetState(name, state)
  }

  topics(name: string): string[] {
    return this.#views.topics(name)
  }
  resetTopics(name: string): void {
    this.#views.resetTopics(name)
  }
  offsets(name: string): Promise<ConnectorOffset[]> {
    return this.#offsets.read(name)
  }
  changeOffsets(name: string, offsets: readonly ConnectorOffset[] | null): Promise<boolean> {
    return this.#connectorRequests.changeOffsets(name, offsets)
  }

  async putTaskConfigs(
    name: string,
    configs: readonly TaskProps[],
    signature: RequestSignature | undefined,
  ): Promise<void> {
    this.#refuseUnsigned(signature)
    await this.#requests.add(async () => {
      if (!this.#membership.isLeader) throw this.#leaderOnly('Only the leader may write task configurations.')
      this.#views.config(name)
      await this.#writeTasks(name, configs)
    })
  }

  async fence(name: string, signature: RequestSignature | undefined): Promise<void> {
    this.#refuseUnsigned(signature)
    const { configs, config } = this.#parts
    const round = await this.#requests.add(async () => {
      if (!this.#membership.isLeader) throw this.#leaderOnly('Only the leader may perform zombie fencing.')
      if (this.#views.info(name).type !== 'source') {
        throw new ConnectError('HR_BAD_REQUEST', `Connector ${name} is not a source connector`)
      }
      await configs.refresh(config['worker.sync.timeout.ms'])
      return { done: this.#fencing.run(name) } // not waited for in the turn
    })
    await round.done
  }

  get logLevels(): LogLevels {
    return this.#parts.logLevels
  }
  setLogLevel(namespace: string, level: LogLevel): string[] {
    const changed = this.logLevels.set(namespace, level, Date.now())
    this.#parts.runtime.levelsChanged()
    return changed
  }
  /** Followed by each worker when it reads it in the config topic. */
  setClusterLogLevel(namespace: string, level: LogLevel): Promise<void> {
    return this.#parts.configs.putLoggerLevel(namespace, level)
  }

  async plugins(): Promise<readonly PluginInfo[]> {
    return this.#parts.catalog.list()
  }
  pluginConfig(name: string, version?: string): Promise<readonly ConfigKeyInfo[]> {
    return this.#parts.runtime.pluginConfig(name, version)
  }
  async validate(props: Props): Promise<ConfigInfos> {
    return (await this.#parts.runtime.validate(props)).infos
  }
  async preview(request: PreviewRequest): Promise<Preview> {
    refuseInvalid((await this.#parts.runtime.validate(request.config)).infos)
    return this.#parts.runtime.preview(request)
  }
  get workerId(): string {
    return this.#parts.workerId
  }
  get url(): string {
    return this.#parts.url
  }
  targetState(name: string): TargetState {
    return this.#views.targetState(name)
  }
  passwordKeys(props: Props): Promise<readonly string[]> {
    return this.#parts.runtime.passwordKeys(props)
  }
  snapshots(): readonly TaskSnapshot[] {
    return this.#worker.snapshots()
  }

  /** Stores new task settings as leader, or hands them to it. */
  async #publish(name: string, made: readonly TaskProps[]): Promise<void> {
    const { configs, log } = this.#parts
    const isOther = await this.#requests.add(async () => {
      const snapshot = configs.snapshot()
      if (!this.#worker.isStarted(name) || snapshot.targetStates.get(name) === 'STOPPED') return false
      if (!taskConfigsChanged(snapshot, name, made)) return false
      log.info('tasks are configured anew', { connector: name, tasks: made.length })
      if (!this.#membership.isLeader) return true
      await this.#writeTasks(name, made)
      return false
    })
    if (isOther) await this.#leader.putTaskConfigs(name, made)
  }

  async #writeTasks(name: string, configs: readonly TaskProps[]): Promise<void> {
    const stopped = this.#parts.configs.snapshot().targetStates.get(name) === 'STOPPED'
    if (stopped && configs.length > 0) {
      const message = `Cannot submit non-empty set of task configs for stopped connector ${name}`
      throw new ConnectError('HR_BAD_REQUEST', message)
    }
    const stage = `writing ${configs.length} task configs for connector ${name} to the config topic`
    await this.#stages.during(stage, () => this.#parts.configs.putTasks(name, configs))
  }

  #refuseUnsigned(signature: RequestSignature | undefined): void {
    if (!this.#membership.signsRequests) return
    const algorithms = this.#parts.config['inter.worker.verification.algorithms']
    refuseUnsigned(signature, algorithms, this.#parts.configs.snapshot().sessionKey)
  }

  #leaderOnly(message: string): ConnectError {
    return otherWorker(message, this.#membership.leaderUrl)
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

  async #leave(): Promise<void> {
    await within(LEAVE_TIMEOUT_MS, this.#member.leave(), () => {})
  }
}
