import type { Logger, Props, TaskProps } from '../../../api/index.ts'
import type { PluginCatalog, PluginInfo } from '../../plugins/index.ts'
import type { ConfigSnapshot, ConfigStore, OffsetStore, StatusStore, TaskId } from '../../stores/index.ts'
import type { LogLevel, LogLevels } from '../../telemetry/index.ts'
import { Changes } from '../../timing/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../../validation/index.ts'
import type { Preview, PreviewRequest, TaskSnapshot, Worker, WorkerRuntime } from '../../worker/index.ts'
import type { ConnectorInfo, ConnectorOffset } from '../herder.ts'
import { ConnectorOffsets } from './connector-offsets.ts'
import { Lifecycle } from './lifecycle.ts'
import { Reconfiguration } from './reconfiguration.ts'
import { StageTracker } from './stage.ts'
import { StatusReporter } from './status-reporter.ts'
import { ValueRenewals } from './value-renewals.ts'
import { Views } from './views.ts'
import { workerListener } from './worker-listener.ts'

export interface HerderParts {
  readonly kafkaClusterId: string | null
  /** host:port that identifies this worker. */
  readonly workerId: string
  /** REST URL of this worker. */
  readonly url: string
  readonly configs: ConfigStore
  readonly statuses: StatusStore
  readonly offsets: Pick<OffsetStore, 'start' | 'stop'>
  readonly catalog: PluginCatalog
  readonly runtime: WorkerRuntime
  readonly trackTopics: boolean
  readonly logLevels: LogLevels
  readonly log: Logger
}

/**
 * State and queries common to standalone and distributed herders: the worker, whose events are written to the
 * status store, and all reads that need no tick.
 *
 * Source: AbstractHerder.
 */
export abstract class AbstractHerder<Parts extends HerderParts = HerderParts> {
  protected readonly parts: Parts
  protected readonly views: Views
  protected readonly reporter: StatusReporter
  protected readonly worker: Worker
  protected readonly reconfiguration: Reconfiguration
  protected readonly lifecycle: Lifecycle
  protected readonly connectorOffsets: ConnectorOffsets
  protected readonly stages = new StageTracker()
  protected readonly stopped = new AbortController()
  /** Notified when a state or the config store changes. */
  protected readonly changed = new Changes()

  constructor(parts: Parts) {
    this.parts = parts
    const { statuses, catalog, runtime, workerId, trackTopics, log } = parts
    const snapshot = () => this.configState
    this.views = new Views(snapshot, statuses, catalog)
    this.reporter = new StatusReporter(statuses, workerId, () => this.generation)
    const renewals = new ValueRenewals((name) => this.renewValues(name))
    this.stopped.signal.addEventListener('abort', () => renewals.close(), { once: true })
    this.worker = runtime.createWorker(
      workerListener(this.reporter, statuses, trackTopics, renewals, (name) =>
        this.reconfiguration.request(name),
      ),
    )
    statuses.onChange(() => this.changed.notify())
    statuses.onTopicRemoved((name) => this.worker.forgetTopics(name))
    this.reconfiguration = new Reconfiguration(
      { worker: this.worker, snapshot, publish: (name, made) => this.publish(name, made) },
      this.stopped.signal,
      log,
    )
    const { worker, reporter, reconfiguration } = this
    this.lifecycle = new Lifecycle({ worker, reporter, reconfiguration, snapshot, log })
    this.connectorOffsets = new ConnectorOffsets({ runtime, catalog, snapshot, stopped: this.stopped.signal })
  }

  /** The group generation that statuses are written with. */
  protected abstract get generation(): number
  /** Stores task configs that differ from the current ones, and starts the tasks with them. */
  protected abstract publish(name: string, made: readonly TaskProps[]): Promise<void>
  /** Restarts a connector, if it still exists, because values from its config providers expire. */
  protected abstract renewValues(name: string): void

  protected get configState(): ConfigSnapshot {
    return this.parts.configs.snapshot()
  }
  protected hasConnector(name: string): boolean {
    return this.configState.connectors.has(name)
  }

  get kafkaClusterId(): string | null {
    return this.parts.kafkaClusterId
  }
  get workerId(): string {
    return this.parts.workerId
  }
  get url(): string {
    return this.parts.url
  }
  get stage(): string {
    return this.stages.summary()
  }

  connectors(): string[] {
    return this.views.connectors()
  }
  async info(name: string): Promise<ConnectorInfo> {
    return this.views.info(name)
  }
  async config(name: string): Promise<Props> {
    return this.views.config(name)
  }
  status(name: string) {
    return this.views.status(name)
  }
  async tasks(name: string) {
    return this.views.tasks(name)
  }
  taskStatus(id: TaskId) {
    return this.views.taskStatus(id)
  }
  until(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.changed.waitFor(condition, timeoutMs, signal)
  }
  targetState(name: string) {
    return this.views.targetState(name)
  }
  topics(name: string): string[] {
    return this.views.topics(name)
  }
  resetTopics(name: string): void {
    this.views.resetTopics(name)
  }
  offsets(name: string): Promise<ConnectorOffset[]> {
    return this.connectorOffsets.read(name)
  }
  blockedConnectors() {
    return this.worker.blockedConnectors()
  }
  snapshots(): readonly TaskSnapshot[] {
    return this.worker.snapshots()
  }

  async plugins(): Promise<readonly PluginInfo[]> {
    return this.parts.catalog.list()
  }
  pluginConfig(name: string, version?: string): Promise<readonly ConfigKeyInfo[]> {
    return this.parts.runtime.pluginConfig(name, version)
  }
  validate(props: Props): Promise<ConfigInfos> {
    return this.parts.runtime.validate(props)
  }
  async preview(request: PreviewRequest): Promise<Preview> {
    await this.parts.runtime.requireValid(request.config)
    return this.parts.runtime.preview(request)
  }
  passwordKeys(props: Props): Promise<readonly string[]> {
    return this.parts.runtime.passwordKeys(props)
  }

  get logLevels(): LogLevels {
    return this.parts.logLevels
  }
  setLogLevel(namespace: string, level: LogLevel): string[] {
    const changed = this.logLevels.set(namespace, level, Date.now())
    this.parts.runtime.levelsChanged()
    return changed
  }
}
