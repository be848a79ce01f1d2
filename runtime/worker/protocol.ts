import type { PartitionOffset, Props, SourceOffset, SourcePartition, TaskProps } from '../../api/index.ts'
import type { PluginInfo, PluginPackage } from '../plugins/index.ts'
import type { Preview, PreviewRequest } from '../preview/index.ts'
import type { PartitionOffsetEntry, TaskId } from '../stores/index.ts'
import type { TaskMetrics } from '../task/index.ts'
import type { LogLevel, LogLine } from '../telemetry/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../validation/index.ts'
import type { SentError } from './channel.ts'

/** Whose code runs: a connector or task, by a number. 0: the worker's own. */
export type Owner = number

/** What a task process needs to know before anything else. */
export interface HostSettings {
  /** The worker's settings, variables resolved. */
  readonly workerProps: Readonly<Record<string, string>>
  readonly packages: readonly PluginPackage[]
  readonly logLevels: readonly (readonly [string, LogLevel])[]
}

/** A connector instance to be started. */
export interface ConnectorStart {
  readonly name: string
  /** Number under which its code is known on both sides. */
  readonly owner: Owner
  /** Distinguishes this start from earlier ones of the same connector. */
  readonly run: number
  /** As stored: variables are resolved in the task process. */
  readonly props: Props
}

export interface ConnectorStarted {
  readonly version: string
  /** What kept a connector that came into being from starting. */
  readonly failure: SentError | undefined
  /** Time after which a value from a config provider runs out, in milliseconds. */
  readonly ttlMs: number | undefined
}

/** A task to be started. */
export interface TaskStart {
  readonly id: TaskId
  /** Number under which its code is known on both sides. */
  readonly owner: Owner
  /** Distinguishes this start from earlier ones of the same task: events of an earlier run are ignored. */
  readonly run: number
  readonly connectorProps: Props
  readonly taskProps: TaskProps
  /** How many tasks the connector has with these settings; undefined while it is still to say. */
  readonly taskCount: number | undefined
  readonly paused: boolean
}

/** What a task process offers the herder's process. */
export interface HostMethods {
  start(settings: HostSettings): Promise<void>
  /** Returns the resident memory of the process in bytes. */
  ping(): number
  startConnector(start: ConnectorStart): Promise<ConnectorStarted>
  /** Stops a connector, also while it is still starting. A start of that run that arrives later is refused. */
  stopConnector(name: string, run: number): Promise<void>
  taskConfigs(name: string): Promise<TaskProps[]>
  /** Resolves once the task is taken on; what becomes of it is told by events. */
  startTask(start: TaskStart): Promise<void>
  setTaskPaused(id: TaskId, paused: boolean): void
  /**
   * Resolves when the task has ended by itself, which a task that hangs never does. A start of that run that arrives
   * later is refused.
   */
  stopTask(id: TaskId, run: number): Promise<void>
  /** Gives up on a task that does not end by itself: its clients close at once, and its events are dropped. */
  abandonTask(id: TaskId, run: number): Promise<void>
  /** The tasks of a connector are to tell anew which topics they use. */
  forgetTopics(connector: string): void
  setLogLevels(levels: readonly (readonly [string, LogLevel])[]): void
}

/** What the herder's process offers a task process. */
export interface HerderMethods {
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

/** What a task process tells without being asked. */
export interface HostEvents {
  taskRunning(id: TaskId, run: number, version: string): void
  taskPaused(id: TaskId, run: number, version: string): void
  /** `version` is null when the task did not come into being. */
  taskFailed(id: TaskId, run: number, trace: string, version: string | null): void
  /** It ended by itself, as asked. */
  taskEnded(id: TaskId, run: number): void
  connectorFailed(name: string, run: number, trace: string, version: string | null): void
  reconfigurationRequested(name: string, run: number): void
  topicUsed(id: TaskId, run: number, topic: string): void
  /** Metrics of the tasks for which they changed since the last event. */
  metrics(tasks: readonly TaskMetricsUpdate[]): void
  /** Names of loggers that have come into being. */
  loggers(names: readonly string[]): void
  log(lines: readonly LogLine[]): void
}

/** What a task process knows about plugins, apart from running them. */
export interface InspectorMethods {
  /** Plugins that could be loaded, and packages that could not, with the reason. */
  plugins(): { readonly plugins: readonly PluginInfo[]; readonly broken: readonly BrokenPackage[] }
  /** Settings of a plugin by class name or alias. Throws `HR_NOT_FOUND` or `HR_BAD_REQUEST`. */
  pluginConfig(name: string, version?: string): readonly ConfigKeyInfo[]
  passwordKeys(props: Props): Promise<readonly string[]>
  fenceProducers(name: string, props: Props, transactionalIds: readonly string[]): Promise<void>
  /** Throws `HR_BAD_REQUEST` when the settings name no connector. */
  validate(props: Props): Promise<ConfigInfos>
  /** Throws `HR_BAD_REQUEST` with all that is wrong with the settings. */
  requireValid(props: Props): Promise<void>
  /** What the consumer group of a sink has committed. */
  sinkOffsets(name: string, props: Props): Promise<PartitionOffset[]>
  /** All offsets of a source that has a topic of its own for them, as JSON. */
  sourceOffsets(name: string, props: Props): Promise<string>
  /** Stores offsets of such a source, given as JSON. */
  writeSourceOffsets(name: string, props: Props, offsets: string): Promise<void>
  /** Hands new offsets to a source, as JSON, so that it checks them. True when nothing remains for the user to do. */
  acceptSourceOffsets(name: string, props: Props, offsets: string): Promise<boolean>
  /** The same for a sink, and changes its consumer group; null takes all offsets away. */
  changeSinkOffsets(name: string, props: Props, offsets: string | null): Promise<boolean>
  /** Takes records through converters and transforms; nothing is written or committed. */
  preview(request: PreviewRequest): Promise<Preview>
}

/** A package that cannot be used, and why. */
export interface BrokenPackage {
  readonly name: string
  readonly reason: string
}
