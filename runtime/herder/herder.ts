import type { Finding, Props, SourceOffset, SourcePartition, TaskProps } from '../../api/index.ts'
import type { InstanceState, RestartRequest, TargetState, TaskId } from '../stores/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../validation/index.ts'
import type { Blocked } from '../kafka/index.ts'
import type { PluginInfo } from '../plugins/index.ts'
import type { LogLevel, LogLevels } from '../telemetry/index.ts'
import type { Preview, PreviewRequest, TaskSnapshot } from '../worker/index.ts'
import type { ClusterQueries } from './cluster.ts'
import type { RequestSignature } from './peers.ts'

export type ConnectorType = 'source' | 'sink' | 'unknown'

export interface ConnectorInfo {
  readonly name: string
  /** As stored, with unresolved config provider variables. */
  readonly config: Props
  readonly tasks: readonly TaskId[]
  readonly type: ConnectorType
}

export interface InstanceInfo {
  readonly state: InstanceState
  readonly workerId: string
  readonly trace: string | null
  readonly version: string | null
  /** When the instance entered this state, in milliseconds since the epoch. */
  readonly since: number
  /** How often the instance has returned to RUNNING after it had run, as far as this worker has seen. */
  readonly restarts: number
}

export interface ConnectorStateInfo {
  readonly name: string
  readonly connector: InstanceInfo
  readonly tasks: readonly (InstanceInfo & { readonly id: number })[]
  readonly type: ConnectorType
}

export interface TaskInfo {
  readonly id: TaskId
  readonly config: TaskProps
}

/**
 * Progress of a connector in one partition. For sinks the partition is `{ kafka_topic, kafka_partition }` and
 * the offset `{ kafka_offset }`.
 */
export interface ConnectorOffset {
  readonly partition: SourcePartition | null
  /** Null deletes the offset. */
  readonly offset: SourceOffset | null
}

/** Options for writing a connector config. */
export interface PutOptions {
  /** Whether a connector of that name may already exist. */
  readonly mayReplace: boolean
  readonly initialState?: TargetState
}

/** Reads, and operations on this worker alone. They are the same for all herders. */
export interface HerderQueries {
  readonly kafkaClusterId: string | null
  /** host:port that identifies this worker. */
  readonly workerId: string
  readonly url: string

  connectors(): string[]
  info(name: string): Promise<ConnectorInfo>
  config(name: string): Promise<Props>
  status(name: string): ConnectorStateInfo
  tasks(name: string): Promise<TaskInfo[]>
  taskStatus(id: TaskId): InstanceInfo & { readonly id: number }
  /** The state requested for the connector. */
  targetState(name: string): TargetState
  /** The reasons why connectors on this worker are blocked, by name, without those that are not blocked. */
  blockedConnectors(): ReadonlyMap<string, Blocked>
  /** Snapshots of the tasks on this worker. */
  snapshots(): readonly TaskSnapshot[]
  /**
   * Resolves to true once `condition`, a function of states and settings, holds; to false after `timeoutMs`
   * or when the signal is aborted.
   */
  until(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean>

  /** Topics that a connector has used since the last reset; empty for an unknown connector. */
  topics(name: string): string[]
  resetTopics(name: string): void
  offsets(name: string): Promise<ConnectorOffset[]>

  plugins(): Promise<readonly PluginInfo[]>
  /** Settings of a plugin; `version` is a version or a version range in Maven notation. */
  pluginConfig(name: string, version?: string): Promise<readonly ConfigKeyInfo[]>
  validate(props: Props): Promise<ConfigInfos>
  /**
   * Runs records through the converters and transforms of a connector config. The connector need not exist.
   */
  preview(request: PreviewRequest): Promise<Preview>
  /**
   * Returns findings about a connector config, about the topics of the connector, and those of the connector about the
   * systems it works with. The connector need not exist; nothing is changed.
   *
   * Throws `HR_RETRIABLE` when too many diagnoses are running, `HR_REQUEST_TIMEOUT` and
   * `HR_TASK_PROCESS_LOST`.
   */
  diagnose(config: Props): Promise<readonly Finding[]>
  /** Keys of the settings of type password. */
  passwordKeys(props: Props): Promise<readonly string[]>

  /** Log levels of this worker's loggers, in all its processes. */
  readonly logLevels: LogLevels
  /** Sets log levels on this worker. Returns the loggers whose level changed. */
  setLogLevel(namespace: string, level: LogLevel): string[]
}

/** Operations that standalone and distributed workers perform differently. */
export interface HerderCommands {
  start(): Promise<void>
  /** Stops all connectors and tasks gracefully, within the graceful shutdown timeout of tasks. */
  stop(): Promise<void>
  /** Resolves when the worker has been stopped; rejects when it fails. */
  ended(): Promise<void>
  /** Resolves once the herder has made progress. */
  healthy(): Promise<void>
  /** Whether the worker has started up. */
  readonly ready: boolean
  /** A sentence that describes the current step, for requests that time out. */
  readonly stage: string
  /** Undefined for a standalone worker. */
  readonly cluster: ClusterQueries | undefined

  put(
    name: string,
    config: Props,
    options: PutOptions,
  ): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }>
  /** Changes individual settings; null removes a setting. */
  patch(name: string, changes: Props): Promise<ConnectorInfo>
  delete(name: string): Promise<void>
  restartConnector(name: string): Promise<void>
  restartTask(id: TaskId): Promise<void>
  /** Plans a restart of a connector and its tasks. Resolves to the transitional states. */
  restart(request: RestartRequest): Promise<ConnectorStateInfo>
  setTargetState(name: string, state: TargetState): Promise<void>
  /**
   * Changes the offsets of a stopped connector; null resets all of them.
   *
   * Resolves to true when no step is left to the user: the connector has no offsets elsewhere, or has changed
   * them itself.
   */
  changeOffsets(name: string, offsets: readonly ConnectorOffset[] | null): Promise<boolean>

  /** Handles a request of another worker. Throws `HR_FORBIDDEN` when its signature is missing or wrong. */
  putTaskConfigs(
    name: string,
    configs: readonly TaskProps[],
    signature: RequestSignature | undefined,
  ): Promise<void>
  fence(name: string, signature: RequestSignature | undefined): Promise<void>

  /** Sets log levels on all workers of the cluster. */
  setClusterLogLevel(namespace: string, level: LogLevel): Promise<void>
}

/**
 * Operations that users can request of a worker, standalone or distributed. Independent of HTTP: methods
 * return values and throw `ConnectError`s, among them `HR_NOT_FOUND`, `HR_ALREADY_EXISTS`, `HR_BAD_REQUEST`
 * and `HR_REBALANCING`.
 *
 * Source: Herder.
 */
export interface Herder extends HerderQueries, HerderCommands {
  /**
   * Stops a connector, resets its offsets and deletes it. A new connector with the same name starts from the
   * beginning.
   *
   * Throws `HR_REQUEST_TIMEOUT` when the connector does not stop in time. It then stops later and is not
   * deleted. Throws `HR_BAD_REQUEST` when the connector is resumed meanwhile; it is not deleted either.
   */
  deleteWithOffsets(name: string): Promise<void>
}
