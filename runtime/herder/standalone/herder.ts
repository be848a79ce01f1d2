import { ConnectError, messageOf, type Logger, type Props, type TaskProps } from '../../../api/index.ts'
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
import type { Preview, PreviewRequest } from '../../preview/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../../validation/index.ts'
import type { LogLevel, LogLevels } from '../../telemetry/index.ts'
import type { TaskSnapshot, Worker, WorkerRuntime } from '../../worker/index.ts'
import type { ConnectorInfo, ConnectorOffset, ConnectorStateInfo, Herder, PutOptions } from '../herder.ts'
import { ConnectorOffsets } from '../shared/connector-offsets.ts'
import { Reconfiguration } from '../shared/reconfiguration.ts'
import { restartPlan, toRestart } from '../shared/restart-plan.ts'
import { StageTracker } from '../shared/stage.ts'
import { StatusReporter } from '../shared/status-reporter.ts'
import { taskConfigsChanged, taskDefinition, tasksOf } from '../shared/task-configs.ts'
import { refuseInvalid, withChanges, withName } from '../shared/validation.ts'
import { notFound, Views } from '../shared/views.ts'
import { workerListener } from '../shared/worker-listener.ts'

export interface StandaloneParts {
  readonly kafkaClusterId: string | null
  /** host:port under which this worker is known. */
  readonly workerId: string
  /** Where its REST API is. */
  readonly url: string
  readonly configs: ConfigStore
  readonly statuses: StatusStore
  readonly offsets: OffsetStore
  readonly catalog: PluginCatalog
  readonly runtime: WorkerRuntime
  readonly trackTopics: boolean
  readonly logLevels: LogLevels
  readonly log: Logger
}

const nothing = (): void => {}

/**
 * A worker on its own: what is asked for is done at once, one thing after the other. Only connectors are not waited
 * for in a turn, since they may take their time.
 *
 * Source: StandaloneHerder.
 */
export class StandaloneHerder implements Herder {
  readonly #parts: StandaloneParts
  readonly #views: Views
  readonly #worker: Worker
  readonly #reporter: StatusReporter
  readonly #reconfiguration: Reconfiguration
  readonly #offsets: ConnectorOffsets
  readonly #stages = new StageTracker()
  readonly #stopped = new AbortController()
  #turn: Promise<unknown> = Promise.resolve()
  #resolveEnd: () => void = () => {}
  readonly #end = new Promise<void>((resolve) => (this.#resolveEnd = resolve))
  #ready = false

  constructor(parts: StandaloneParts) {
    const { configs, statuses, catalog, runtime, log } = (this.#parts = parts)
    this.#views = new Views(() => configs.snapshot(), statuses, catalog)
    this.#offsets = new ConnectorOffsets({ ...parts, snapshot: () => configs.snapshot() })
    this.#reporter = new StatusReporter(statuses, parts.workerId, () => 0)
    this.#worker = runtime.createWorker(
      workerListener(this.#reporter, statuses, parts.trackTopics, {
        reconfigurationRequested: (name) => this.#reconfiguration.request(name),
        valuesExpire: (name, inMs) => {
          setTimeout(() => void this.restartConnector(name).catch(() => {}), inMs).unref() // its state tells
        },
      }),
    )
    const ports = {
      worker: this.#worker,
      snapshot: () => configs.snapshot(),
      publish: (name: string, made: readonly TaskProps[]) => this.#serially(() => this.#publish(name, made)),
    }
    statuses.onTopicRemoved((name) => this.#worker.forgetTopics(name))
    this.#reconfiguration = new Reconfiguration(ports, this.#stopped.signal, log)
  }

  get kafkaClusterId(): string | null {
    return this.#parts.kafkaClusterId
  }
  get ready(): boolean {
    return this.#ready
  }
  get stage(): string {
    return this.#stages.summary()
  }

  async start(): Promise<void> {
    const { configs, statuses, offsets, runtime } = this.#parts
    await configs.start({
      connectorUpdated: nothing,
      connectorRemoved: nothing,
      tasksUpdated: nothing,
      targetStateChanged: nothing,
      sessionKeyUpdated: nothing,
      restartRequested: nothing,
      loggerLevelChanged: nothing,
    })
    await this.#stages.during('reading the offset file', async () => {
      await statuses.start()
      await offsets.start()
    })
    await runtime.discover()
    this.#ready = true
  }

  /** Resolves when the worker has been stopped. */
  ended(): Promise<void> {
    return this.#end
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#serially(() => this.#worker.stopAll())
    await this.#parts.offsets.stop()
    await this.#parts.runtime.close()
    this.#resolveEnd()
  }

  healthy(): Promise<void> {
    return this.#serially(() => {})
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
    const patched = withChanges(this.#views.config(name), changes)
    return (await this.#putValid(name, patched, { mayReplace: true })).info
  }

  delete(name: string): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(name)) throw notFound(`Connector ${name} not found`)
      await this.#removeTasks(name)
      await this.#worker.stopConnector(name)
      const { configs, statuses } = this.#parts
      statuses.removeConnector(name)
      for (const { topic } of statuses.topics(name)) statuses.removeTopic(name, topic)
      await configs.removeConnector(name)
    })
  }

  async restartConnector(name: string): Promise<void> {
    await this.#serially(async () => {
      if (!this.#has(name)) throw notFound(`Connector ${name} not found`)
      await this.#worker.stopConnector(name)
    })
    await this.#startConnector(name)
    this.#reconfiguration.request(name)
  }

  restartTask(id: TaskId): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(id.connector)) throw notFound(`Connector ${id.connector} not found`)
      if (!this.#tasks(id.connector).some(({ task }) => task === id.task))
        throw notFound(`Task ${taskName(id)} not found`)
      await this.#worker.stopTasks([id])
      this.#startTasks([id])
    })
  }

  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    return this.#serially(async () => {
      const { connector } = request
      if (!this.#has(connector)) throw notFound(`Unknown connector: ${connector}`)
      const plan = restartPlan(request, this.#views.status(connector))
      const { connector: withConnector, tasks } = toRestart(plan)
      if (withConnector) {
        await this.#worker.stopConnector(connector)
        this.#reporter.connector(connector, 'RESTARTING', null)
      }
      const ids = tasks.map((task) => ({ connector, task }))
      await this.#worker.stopTasks(ids)
      for (const id of ids) this.#reporter.task(id, 'RESTARTING', null)
      if (withConnector) this.#startInBackground(connector)
      this.#startTasks(ids)
      return plan
    })
  }

  setTargetState(name: string, state: TargetState): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(name)) throw notFound(`Unknown connector ${name}`)
      if (state === 'STOPPED') await this.#removeTasks(name)
      await this.#parts.configs.putTargetState(name, state)
      this.#worker.setTasksPaused(name, state === 'PAUSED')
      void this.#worker.setConnectorTarget(name, state).then(
        () => {
          if (state === 'STARTED') this.#reconfiguration.request(name)
        },
        (error: unknown) => this.#tell('a connector does not follow its target state', name, error),
      )
    })
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
  /** The connector is asked outside of the turns: it may take its time. */
  async changeOffsets(name: string, offsets: readonly ConnectorOffset[] | null): Promise<boolean> {
    await this.#serially(() => this.#offsets.refuseUnlessStopped(name))
    return this.#offsets.change(name, offsets)
  }

  async putTaskConfigs(): Promise<void> {
    const message =
      'Kafka Connect in standalone mode does not support externally setting task configurations.'
    throw new ConnectError('HR_UNSUPPORTED', message)
  }
  async fence(): Promise<void> {
    const message = 'Kafka Connect in standalone mode does not support exactly-once source connectors.'
    throw new ConnectError('HR_UNSUPPORTED', message)
  }

  get logLevels(): LogLevels {
    return this.#parts.logLevels
  }
  setLogLevel(namespace: string, level: LogLevel): string[] {
    const changed = this.logLevels.set(namespace, level, Date.now())
    this.#parts.runtime.levelsChanged()
    return changed
  }
  /** This worker is all that there is. */
  async setClusterLogLevel(namespace: string, level: LogLevel): Promise<void> {
    this.setLogLevel(namespace, level)
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

  async #putValid(name: string, config: Props, { mayReplace, initialState }: PutOptions) {
    refuseInvalid((await this.#parts.runtime.validate(config)).infos)
    const created = await this.#serially(async () => {
      const known = this.#has(name)
      if (known && !mayReplace)
        throw new ConnectError('HR_ALREADY_EXISTS', `Connector ${name} already exists`)
      if (known) await this.#worker.stopConnector(name)
      await this.#parts.configs.putConnector(name, config, initialState)
      return !known
    })
    await this.#startConnector(name)
    await this.#reconfiguration.once(name)
    return { created, info: this.#views.info(name) }
  }

  #has(name: string): boolean {
    return this.#parts.configs.snapshot().connectors.has(name)
  }

  #tasks(name: string): TaskId[] {
    return tasksOf(this.#parts.configs.snapshot(), name)
  }

  async #startConnector(name: string): Promise<void> {
    const { connectors, targetStates } = this.#parts.configs.snapshot()
    await this.#worker.startConnector(name, connectors.get(name) ?? {}, targetStates.get(name) ?? 'STARTED')
  }

  #startInBackground(name: string): void {
    this.#startConnector(name).then(
      () => this.#reconfiguration.request(name),
      (error: unknown) => this.#tell('a connector could not be started', name, error),
    )
  }

  /** Takes new task settings, and restarts the tasks whose settings have changed. */
  async #publish(name: string, made: readonly TaskProps[]): Promise<void> {
    const { configs, log } = this.#parts
    if (!this.#worker.isStarted(name)) return
    if (taskConfigsChanged(configs.snapshot(), name, made)) {
      await configs.putTasks(name, made)
      log.info('tasks are configured anew', { connector: name, tasks: made.length })
    }
    const snapshot = configs.snapshot()
    const wanted = tasksOf(snapshot, name)
    const kept = new Set(
      wanted.filter((id) => this.#worker.isCurrent(taskDefinition(snapshot, id))).map(taskName),
    )
    const outdated = this.#tasksHere(name).filter((id) => !kept.has(taskName(id)))
    await this.#worker.stopTasks(outdated)
    for (const id of outdated) if (id.task >= wanted.length) this.#parts.statuses.removeTask(id)
    this.#startTasks(wanted.filter((id) => !this.#worker.hasTask(id)))
  }

  #startTasks(ids: readonly TaskId[]): void {
    const snapshot = this.#parts.configs.snapshot()
    for (const id of ids) this.#worker.startTask(taskDefinition(snapshot, id))
  }

  async #removeTasks(name: string): Promise<void> {
    await this.#worker.stopTasks(this.#tasksHere(name))
    const { configs, statuses } = this.#parts
    for (const task of statuses.tasks(name).keys()) statuses.removeTask({ connector: name, task })
    await configs.putTasks(name, [])
  }

  #tasksHere(name: string): TaskId[] {
    return this.#worker.taskIds.filter(({ connector }) => connector === name)
  }

  #tell(what: string, connector: string, error: unknown): void {
    this.#parts.log.error(what, { connector, reason: messageOf(error) })
  }

  #serially<T>(step: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {}) // the next one goes on whatever became of this one
    return result
  }
}
