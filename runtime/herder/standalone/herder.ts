import { ConnectError, messageOf, type Logger, type Props } from '../../../api/index.ts'
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
import type { ConfigInfos, ConfigKeyInfo } from '../../validation/index.ts'
import type { TaskSnapshot, Worker, WorkerRuntime } from '../../worker/index.ts'
import type { ConnectorInfo, ConnectorStateInfo, Herder, PutOptions } from '../herder.ts'
import { restartPlan, toRestart } from '../shared/restart-plan.ts'
import { StatusReporter } from '../shared/status-reporter.ts'
import { maxTasksOf, refuseTooMany, taskConfigsChanged, tasksOf, withVariables } from '../shared/task-configs.ts'
import { refuseInvalid, withName } from '../shared/validation.ts'
import { notFound, Views } from '../shared/views.ts'
import { workerListener } from '../shared/worker-listener.ts'

export interface StandaloneParts {
  readonly kafkaClusterId: string | null
  /** host:port under which this worker is known. */
  readonly workerId: string
  readonly configs: ConfigStore
  readonly statuses: StatusStore
  readonly offsets: OffsetStore
  readonly catalog: PluginCatalog
  readonly runtime: WorkerRuntime
  readonly trackTopics: boolean
  readonly log: Logger
}

/** A worker on its own: what is asked for is done at once, one thing after the other. Source: StandaloneHerder. */
export class StandaloneHerder implements Herder {
  readonly #parts: StandaloneParts
  readonly #views: Views
  readonly #worker: Worker
  readonly #reporter: StatusReporter
  #turn: Promise<unknown> = Promise.resolve()
  #ready = false

  constructor(parts: StandaloneParts) {
    this.#parts = parts
    this.#views = new Views(() => parts.configs.snapshot(), parts.statuses, parts.catalog)
    this.#reporter = new StatusReporter(parts.statuses, parts.workerId, () => 0)
    this.#worker = parts.runtime.createWorker(
      workerListener(this.#reporter, parts.statuses, parts.trackTopics, {
        reconfigurationRequested: (name) => this.#inBackground('reconfigure tasks', name, () => this.#reconfigure(name)),
        valuesExpire: (name, inMs) => {
          setTimeout(() => void this.restartConnector(name).catch(() => {}), inMs).unref() // its state tells
        },
      }),
    )
  }

  get kafkaClusterId(): string | null {
    return this.#parts.kafkaClusterId
  }
  get ready(): boolean {
    return this.#ready
  }

  async start(): Promise<void> {
    const { configs, statuses, offsets, runtime } = this.#parts
    const nothing = (): void => {}
    await configs.start({
      connectorUpdated: nothing,
      connectorRemoved: nothing,
      tasksUpdated: nothing,
      targetStateChanged: nothing,
      sessionKeyUpdated: nothing,
      restartRequested: nothing,
      loggerLevelChanged: nothing,
    })
    await statuses.start()
    await offsets.start()
    await runtime.discover()
    this.#ready = true
  }

  async stop(): Promise<void> {
    await this.#serially(() => this.#worker.stopAll())
    await this.#parts.offsets.stop()
    await this.#parts.runtime.close()
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

  async put(name: string, config: Props, { mayReplace, initialState }: PutOptions) {
    const named = withName(name, config)
    refuseInvalid((await this.#parts.runtime.validate(named)).infos)
    return this.#serially(async () => {
      const known = this.#has(name)
      if (known && !mayReplace) throw new ConnectError('HR_ALREADY_EXISTS', `Connector ${name} already exists`)
      if (known) await this.#worker.stopConnector(name)
      await this.#parts.configs.putConnector(name, named, initialState)
      await this.#startConnector(name).catch((error: unknown) => {
        this.#parts.log.error('the connector could not be started', { connector: name, reason: messageOf(error) })
      })
      return { created: !known, info: this.#views.info(name) }
    })
  }

  async patch(name: string, changes: Props): Promise<ConnectorInfo> {
    const present = this.#views.config(name)
    const merged = Object.entries({ ...present, ...changes }).filter(([, value]) => value !== null)
    return (await this.put(name, Object.fromEntries(merged), { mayReplace: true })).info
  }

  delete(name: string): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(name)) throw notFound(`Connector ${name} not found`)
      await this.#stopTasks(name)
      await this.#worker.stopConnector(name)
      const { configs, statuses } = this.#parts
      for (const task of statuses.tasks(name).keys()) statuses.removeTask({ connector: name, task })
      statuses.removeConnector(name)
      for (const { topic } of statuses.topics(name)) statuses.removeTopic(name, topic)
      await configs.removeConnector(name)
    })
  }

  restartConnector(name: string): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(name)) throw notFound(`Connector ${name} not found`)
      await this.#worker.stopConnector(name)
      await this.#startConnector(name)
    })
  }

  restartTask(id: TaskId): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(id.connector)) throw notFound(`Connector ${id.connector} not found`)
      if (!this.#tasks(id.connector).some(({ task }) => task === id.task)) throw notFound(`Task ${taskName(id)} not found`)
      await this.#worker.stopTasks([id])
      this.#startTasks(id.connector, [id])
    })
  }

  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    return this.#serially(async () => {
      const { connector } = request
      if (!this.#has(connector)) throw notFound(`Unknown connector: ${connector}`)
      const plan = restartPlan(request, this.#views.status(connector))
      const { connector: withConnector, tasks } = toRestart(plan)
      const ids = tasks.map((task) => ({ connector, task }))
      for (const id of ids) this.#reporter.task(id, 'RESTARTING', null)
      await this.#worker.stopTasks(ids)
      if (withConnector) {
        await this.#worker.stopConnector(connector)
        this.#reporter.connector(connector, 'RESTARTING', null)
        await this.#startConnector(connector).catch(() => {}) // its state tells
      }
      this.#startTasks(connector, ids.filter((id) => !this.#worker.hasTask(id)))
      return plan
    })
  }

  setTargetState(name: string, state: TargetState): Promise<void> {
    return this.#serially(async () => {
      if (!this.#has(name)) throw notFound(`Unknown connector ${name}`)
      await this.#parts.configs.putTargetState(name, state)
      if (state === 'STOPPED') {
        await this.#stopTasks(name)
        await this.#parts.configs.putTasks(name, [])
      }
      await this.#worker.setConnectorTarget(name, state).catch(() => {}) // its state tells
      this.#worker.setTasksPaused(name, state === 'PAUSED')
      if (state === 'STARTED') await this.#reconfigure(name)
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

  #has(name: string): boolean {
    return this.#parts.configs.snapshot().connectors.has(name)
  }

  #tasks(name: string): TaskId[] {
    return tasksOf(this.#parts.configs.snapshot(), name)
  }

  async #startConnector(name: string): Promise<void> {
    const { connectors, targetStates } = this.#parts.configs.snapshot()
    await this.#worker.startConnector(name, connectors.get(name) ?? {}, targetStates.get(name) ?? 'STARTED')
    await this.#reconfigure(name)
  }

  /** Asks the connector for task settings, and restarts its tasks when they have changed. */
  async #reconfigure(name: string): Promise<void> {
    if (!this.#worker.isStarted(name)) return
    const { configs, log } = this.#parts
    const config = configs.snapshot().connectors.get(name) ?? {}
    const made = withVariables(await this.#worker.taskConfigs(name, maxTasksOf(config)), config)
    refuseTooMany(name, config, made.length)
    if (taskConfigsChanged(configs.snapshot(), name, made)) {
      await this.#stopTasks(name)
      await configs.putTasks(name, made)
      log.info('tasks are configured anew', { connector: name, tasks: made.length })
    }
    this.#startTasks(name, this.#tasks(name).filter((id) => !this.#worker.hasTask(id)))
  }

  #startTasks(name: string, ids: readonly TaskId[]): void {
    const { connectors, taskConfigs, targetStates } = this.#parts.configs.snapshot()
    for (const id of ids) {
      this.#worker.startTask({
        id,
        connectorProps: connectors.get(name) ?? {},
        taskProps: taskConfigs.get(name)?.get(id.task) ?? {},
        targetState: targetStates.get(name) ?? 'STARTED',
      })
    }
  }

  async #stopTasks(name: string): Promise<void> {
    const ids = this.#worker.taskIds.filter(({ connector }) => connector === name)
    await this.#worker.stopTasks(ids)
    for (const id of ids) this.#parts.statuses.removeTask(id)
  }

  #inBackground(doing: string, connector: string, step: () => Promise<void>): void {
    void this.#serially(step).catch((error: unknown) => {
      this.#parts.log.error(`could not ${doing}`, { connector, reason: messageOf(error) })
    })
  }

  #serially<T>(step: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(step)
    this.#turn = result.catch(() => {}) // the next one goes on whatever became of this one
    return result
  }
}
