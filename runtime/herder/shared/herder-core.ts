import type { Logger, TaskProps } from '../../../api/index.ts'
import type { PluginCatalog } from '../../plugins/index.ts'
import type {
  ConfigSnapshot,
  ConfigStore,
  InstanceStatus,
  OffsetStore,
  StatusStore,
} from '../../stores/index.ts'
import type { LogLevel, LogLevels } from '../../telemetry/index.ts'
import { Changes } from '../../timing/index.ts'
import type { TaskAdmission, Worker, WorkerRuntime } from '../../worker/index.ts'
import { ConnectorOffsets } from './connector-offsets.ts'
import { DeletionNotices } from './deletion-notices.ts'
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

/** Functions of a standalone or distributed herder that the core calls. */
export interface HerderPorts extends TaskAdmission {
  /** The group generation that statuses are written with. */
  generation(): number
  /** Stores task configs that differ from the current ones, and starts the tasks with them. */
  publish(name: string, made: readonly TaskProps[]): Promise<void>
  /** Restarts a connector, if it still exists, because values from its config providers expire. */
  renewValues(name: string): void
  /** More about the failure of a connector or of one of its tasks than its trace says; undefined if there is nothing. */
  explainFailure?(name: string): Promise<string> | undefined
  /** Called with each new status of a connector or task, by this worker or another. */
  statusChanged?(status: InstanceStatus): void
}

/**
 * The state that standalone and distributed herders have in common: the worker, whose events are written to
 * the status store, and the services around it.
 *
 * Source: AbstractHerder.
 */
export class HerderCore {
  readonly parts: HerderParts
  readonly views: Views
  readonly reporter: StatusReporter
  readonly worker: Worker
  readonly reconfiguration: Reconfiguration
  readonly lifecycle: Lifecycle
  readonly connectorOffsets: ConnectorOffsets
  readonly deletionNotices: DeletionNotices
  readonly stages = new StageTracker()
  readonly stopped = new AbortController()
  /** Notified when a state or the config store changes. */
  readonly changed = new Changes()

  constructor(parts: HerderParts, ports: HerderPorts) {
    this.parts = parts
    const { statuses, catalog, runtime, workerId, trackTopics, log } = parts
    const snapshot = () => this.configState
    this.views = new Views(snapshot, statuses, catalog)
    this.reporter = new StatusReporter(statuses, workerId, () => ports.generation())
    const renewals = new ValueRenewals((name) => ports.renewValues(name))
    this.stopped.signal.addEventListener('abort', () => renewals.close(), { once: true })
    this.worker = runtime.createWorker(
      workerListener(
        this.reporter,
        statuses,
        trackTopics,
        renewals,
        (name) => this.reconfiguration.request(name),
        (name) => ports.explainFailure?.(name),
      ),
      ports,
    )
    statuses.onChange((status) => {
      this.changed.notify()
      if (status !== undefined) ports.statusChanged?.(status)
    })
    statuses.onTopicRemoved((name) => this.worker.forgetTopics(name))
    this.reconfiguration = new Reconfiguration(
      { worker: this.worker, snapshot, publish: (name, made) => ports.publish(name, made) },
      this.stopped.signal,
      log,
    )
    const { worker, reporter, reconfiguration } = this
    this.lifecycle = new Lifecycle({ worker, reporter, reconfiguration, snapshot, log })
    this.connectorOffsets = new ConnectorOffsets({ runtime, catalog, snapshot, stopped: this.stopped.signal })
    const exists = (name: string) => this.hasConnector(name)
    this.deletionNotices = new DeletionNotices({ runtime, catalog, exists, log })
  }

  get configState(): ConfigSnapshot {
    return this.parts.configs.snapshot()
  }

  hasConnector(name: string): boolean {
    return this.configState.connectors.has(name)
  }

  /** Sets log levels on this worker. Returns the loggers whose level changed. */
  setLogLevel(namespace: string, level: LogLevel): string[] {
    const changed = this.parts.logLevels.set(namespace, level, Date.now())
    this.parts.runtime.levelsChanged()
    return changed
  }
}
