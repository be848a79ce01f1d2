import type { Props, SourceOffset, SourcePartition, TaskProps } from '../../api/index.ts'
import type { InstanceState, RestartRequest, TargetState, TaskId } from '../stores/index.ts'
import type { Preview, PreviewRequest } from '../preview/index.ts'
import type { ConfigInfos, ConfigKeyInfo } from '../validation/index.ts'
import type { PluginInfo } from '../plugins/index.ts'
import type { LogLevel, LogLevels } from '../telemetry/index.ts'
import type { TaskSnapshot } from '../worker/index.ts'
import type { RequestSignature } from './distributed/requests/request-signature.ts'

export type ConnectorType = 'source' | 'sink' | 'unknown'

export interface ConnectorInfo {
  readonly name: string
  /** As stored: variables are not resolved. */
  readonly config: Props
  readonly tasks: readonly TaskId[]
  readonly type: ConnectorType
}

export interface InstanceInfo {
  readonly state: InstanceState
  readonly workerId: string
  readonly trace: string | null
  readonly version: string | null
  /** When it came into this state, in milliseconds since the epoch. */
  readonly since: number
  /** How often it came to run again after it had run, as far as this worker has seen. */
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

/** How far a connector has come in one partition. Of a sink: `{ kafka_topic, kafka_partition }`, `{ kafka_offset }`. */
export interface ConnectorOffset {
  readonly partition: SourcePartition | null
  /** Null takes the offset away. */
  readonly offset: SourceOffset | null
}

/** How to put a connector's settings. */
export interface PutOptions {
  /** Whether a connector of that name may be there already. */
  readonly mayReplace: boolean
  readonly initialState?: TargetState
}

/**
 * What users can ask of a worker, alone or in a cluster. Knows nothing of HTTP: it returns values and throws
 * `ConnectError`s, among them `HR_NOT_FOUND`, `HR_ALREADY_EXISTS`, `HR_BAD_REQUEST` and `HR_REBALANCING`.
 *
 * Source: Herder.
 */
export interface Herder {
  readonly kafkaClusterId: string | null
  start(): Promise<void>
  /** Stops everything softly, within the graceful timeout of tasks. */
  stop(): Promise<void>
  /** Resolves once the herder has shown that it still works: it never does when it does not. */
  healthy(): Promise<void>
  /** Whether the worker has started up. */
  readonly ready: boolean
  /** A sentence on what the herder is doing, for answers that come too late. */
  readonly stage: string

  connectors(): string[]
  info(name: string): Promise<ConnectorInfo>
  config(name: string): Promise<Props>
  status(name: string): ConnectorStateInfo
  tasks(name: string): Promise<TaskInfo[]>
  taskStatus(id: TaskId): InstanceInfo & { readonly id: number }
  put(
    name: string,
    config: Props,
    options: PutOptions,
  ): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }>
  /** Changes single settings; null takes one away. */
  patch(name: string, changes: Props): Promise<ConnectorInfo>
  delete(name: string): Promise<void>
  restartConnector(name: string): Promise<void>
  restartTask(id: TaskId): Promise<void>
  /** Plans a restart of a connector with tasks; answers the states that will be for a moment. */
  restart(request: RestartRequest): Promise<ConnectorStateInfo>
  setTargetState(name: string, state: TargetState): Promise<void>

  /**
   * Resolves to whether `condition`, which looks at states and settings, came to hold within `timeoutMs` and before the
   * signal was aborted.
   */
  until(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean>

  /** Topics that a connector has used since the last reset; none for one that is not known. */
  topics(name: string): string[]
  resetTopics(name: string): void
  offsets(name: string): Promise<ConnectorOffset[]>
  /**
   * Sets offsets of a stopped connector; null takes all away.
   *
   * True when nothing remains for the user to do: the connector has no offsets elsewhere, or has set them itself.
   */
  changeOffsets(name: string, offsets: readonly ConnectorOffset[] | null): Promise<boolean>

  /** What another worker of the cluster asks for. Throws `HR_FORBIDDEN` when it is not signed as it has to be. */
  putTaskConfigs(
    name: string,
    configs: readonly TaskProps[],
    signature: RequestSignature | undefined,
  ): Promise<void>
  fence(name: string, signature: RequestSignature | undefined): Promise<void>

  /** Levels of the loggers of this worker, in all its processes. */
  readonly logLevels: LogLevels
  /** Sets loggers of this worker; answers those whose level changed. */
  setLogLevel(namespace: string, level: LogLevel): string[]
  /** Sets loggers of all workers of the cluster. */
  setClusterLogLevel(namespace: string, level: LogLevel): Promise<void>

  plugins(): Promise<readonly PluginInfo[]>
  /** Settings of a plugin; `version` is a version or a range of Maven's notation. */
  pluginConfig(name: string, version?: string): Promise<readonly ConfigKeyInfo[]>
  validate(props: Props): Promise<ConfigInfos>
  /** Takes records through the converters and transforms of a connector that need not exist. */
  preview(request: PreviewRequest): Promise<Preview>
  /** host:port under which this worker is known. */
  readonly workerId: string
  readonly url: string
  /** What a user wants a connector to be. */
  targetState(name: string): TargetState
  /** Keys of those settings that are of type password. */
  passwordKeys(props: Props): Promise<readonly string[]>
  /** What the tasks on this worker do. */
  snapshots(): readonly TaskSnapshot[]
}
