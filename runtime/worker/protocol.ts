import type {
  Finding,
  PartitionOffset,
  Props,
  SourceOffset,
  SourcePartition,
  TaskProps,
} from '../../api/index.ts'
import type { Blocked } from '../kafka/index.ts'
import type { PluginInfo, PluginPackage } from '../plugins/index.ts'
import type { Preview, PreviewRequest } from './host/preview/protocol.ts'
import type { PartitionOffsetEntry, TaskId } from '../stores/index.ts'
import type { TaskMetrics } from '../task/index.ts'
import type { LogLevel, LogLine } from '../telemetry/index.ts'
import type { Instant } from '../timing/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../validation/index.ts'
import type { SentError } from './channel.ts'
import type { TaskAdmission } from './ports.ts'

/** Identifies the connector or task whose code runs. 0: the worker's own code. */
export type Owner = number

/** The settings that a task process needs before anything else. */
export interface HostSettings {
  /** The worker's settings, with variables resolved. */
  readonly workerProps: Readonly<Record<string, string>>
  readonly packages: readonly PluginPackage[]
  readonly logLevels: readonly (readonly [string, LogLevel])[]
  /** End of the lease of all connectors and tasks of the worker. */
  readonly leaseEnd: Instant
}

/** A connector instance to start. */
export interface ConnectorStart {
  readonly name: string
  /** Identifies its code in both processes. */
  readonly owner: Owner
  /** Distinguishes this start from earlier ones of the same connector. */
  readonly run: number
  /** As stored; the task process resolves variables. */
  readonly props: Props
}

export interface ConnectorStarted {
  readonly version: string
  /** The error of a start that failed in the connector's own code. */
  readonly failure: SentError | undefined
  /** Time to live of the values from config providers, in milliseconds. */
  readonly ttlMs: number | undefined
}

/** A task to start. */
export interface TaskStart {
  readonly id: TaskId
  /** Identifies its code in both processes. */
  readonly owner: Owner
  /** Distinguishes this start from earlier ones of the same task: events of an earlier run are ignored. */
  readonly run: number
  readonly connectorProps: Props
  readonly taskProps: TaskProps
  /** Number of tasks that the connector has with these settings; undefined while unknown. */
  readonly taskCount: number | undefined
  /** Generation of the settings, for {@link HerderMethods.verifyTask}. */
  readonly generation: number
  readonly paused: boolean
}

/** Methods of a task process that the herder's process calls. */
export interface HostMethods {
  start(settings: HostSettings): Promise<void>
  /** Returns the resident memory of the process in bytes. */
  ping(): number
  startConnector(start: ConnectorStart): Promise<ConnectorStarted>
  /** Stops a connector, even while it is starting. A start of that run that arrives later is rejected. */
  stopConnector(name: string, run: number): Promise<void>
  taskConfigs(name: string): Promise<TaskProps[]>
  /** Resolves once the task is accepted; events report its state afterwards. */
  startTask(start: TaskStart): Promise<void>
  setTaskPaused(id: TaskId, paused: boolean): void
  /**
   * Resolves when the task has ended by itself; never, if it hangs. A start of that run that arrives later is
   * rejected.
   */
  stopTask(id: TaskId, run: number): Promise<void>
  /** Abandons a task that does not end by itself: its clients close at once, and its events are dropped. */
  abandonTask(id: TaskId, run: number): Promise<void>
  /** Makes the tasks of a connector report their topics again. */
  forgetTopics(connector: string): void
  setLogLevels(levels: readonly (readonly [string, LogLevel])[]): void
  /** Renews the lease of all connectors and tasks of the worker, or ends it. */
  setLease(end: Instant): void
}

/** Methods of the herder's process that a task process calls. */
export interface HerderMethods extends TaskAdmission {
  readOffsets(
    connector: string,
    partitions: readonly SourcePartition[],
  ): Promise<(SourceOffset | undefined)[]>
  writeOffsets(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void>
  allOffsets(connector: string): Promise<PartitionOffsetEntry[]>
}

/** Metrics of one run of a task. */
export interface TaskMetricsUpdate {
  readonly id: TaskId
  readonly run: number
  readonly metrics: TaskMetrics
}

/** Events of a task process. */
export interface HostEvents {
  taskRunning(id: TaskId, run: number, version: string): void
  taskPaused(id: TaskId, run: number, version: string): void
  /** `version` is null when the task was not created. */
  taskFailed(id: TaskId, run: number, trace: string, version: string | null): void
  /** Sent when the task ended after a stop. */
  taskEnded(id: TaskId, run: number): void
  connectorFailed(name: string, run: number, trace: string, version: string | null): void
  /** Why the connector is blocked; null when it is no longer blocked. */
  connectorBlocked(name: string, run: number, blocked: Blocked | null): void
  reconfigurationRequested(name: string, run: number): void
  topicUsed(id: TaskId, run: number, topic: string): void
  /** Metrics of the tasks that changed since the last event. */
  metrics(tasks: readonly TaskMetricsUpdate[]): void
  /** Names of new loggers. */
  loggers(names: readonly string[]): void
  log(lines: readonly LogLine[]): void
}

/** A connector to diagnose; it need not exist. */
export interface DiagnosisRequest {
  /** As submitted or stored; the task process resolves variables. */
  readonly config: Props
  /** Whether the cluster has a connector with this name. */
  readonly exists: boolean
}

/** `all`, or only what the worker finds without the connector's `validate` and `diagnose`. */
export type DiagnosisScope = 'all' | 'worker'

/** Methods of a task process that examine plugins instead of running them. */
export interface InspectorMethods {
  /** Returns the plugins that could be loaded, and the packages that could not, with the reason. */
  plugins(): { readonly plugins: readonly PluginInfo[]; readonly broken: readonly BrokenPackage[] }
  /** Returns the settings of a plugin by class name or alias. Throws `HR_NOT_FOUND` or `HR_BAD_REQUEST`. */
  pluginConfig(name: string, version?: string): readonly ConfigKeyInfo[]
  passwordKeys(props: Props): Promise<readonly string[]>
  fenceProducers(name: string, props: Props, transactionalIds: readonly string[]): Promise<void>
  /** Throws `HR_BAD_REQUEST` when the settings name no connector. */
  validate(props: Props): Promise<ConfigInfos>
  /** Throws `HR_BAD_REQUEST` with all errors in the settings. */
  requireValid(props: Props): Promise<void>
  /** Returns the committed offsets of a sink's consumer group. */
  sinkOffsets(name: string, props: Props): Promise<PartitionOffset[]>
  /** Returns all offsets of a source that has its own offsets topic, as JSON. */
  sourceOffsets(name: string, props: Props): Promise<string>
  /** Stores offsets, given as JSON, of a source that has its own offsets topic. */
  writeSourceOffsets(name: string, props: Props, offsets: string): Promise<void>
  /** Passes new offsets, as JSON, to a source for validation. Returns true if the user need not do anything else. */
  acceptSourceOffsets(name: string, props: Props, offsets: string): Promise<boolean>
  /** Like {@link acceptSourceOffsets}, for a sink, whose consumer group is changed; null deletes all offsets. */
  changeSinkOffsets(name: string, props: Props, offsets: string | null): Promise<boolean>
  /** Passes records through converters and transforms; nothing is written or committed. */
  preview(request: PreviewRequest): Promise<Preview>
  /** Returns the findings about a connector, secrets hidden; nothing is changed. */
  diagnose(request: DiagnosisRequest, timeoutMs: number, scope: DiagnosisScope): Promise<readonly Finding[]>
  /** Calls a connector after its deletion. Throws its error, secrets hidden. */
  connectorDeleted(name: string, props: Props, timeoutMs: number): Promise<void>
}

/** A package that cannot be used, with the reason. */
export interface BrokenPackage {
  readonly name: string
  readonly reason: string
}
