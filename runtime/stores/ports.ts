import type { OffsetValue, Props, SourcePartition, TaskProps } from '../../api/index.ts'

/** A task by its connector and number. */
export interface TaskId {
  readonly connector: string
  readonly task: number
}

export const taskName = ({ connector, task }: TaskId): string => `${connector}-${task}`

/** What the user wants a connector to be. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED'

export interface RestartRequest {
  readonly connector: string
  readonly onlyFailed: boolean
  readonly includeTasks: boolean
}

/** Signs requests among workers; shared through the config topic (KIP-507). */
export interface SessionKey {
  readonly key: Buffer
  readonly algorithm: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** What the config store knows at one moment. */
export interface ConfigSnapshot {
  /** Position in the config log: offset of the next record; -1 before the first. */
  readonly offset: number
  readonly sessionKey: SessionKey | undefined
  readonly connectors: ReadonlyMap<string, Props>
  readonly targetStates: ReadonlyMap<string, TargetState>
  /** Number of tasks by connector, as last committed. */
  readonly taskCounts: ReadonlyMap<string, number>
  /** Committed settings by connector and task number. Compaction may leave some beyond the task count. */
  readonly taskConfigs: ReadonlyMap<string, ReadonlyMap<number, TaskProps>>
  /** Connectors whose task settings are incomplete, so that nothing of theirs may start. */
  readonly inconsistent: ReadonlySet<string>
  /** The connector's settings when its task settings were last committed. */
  readonly applied: ReadonlyMap<string, Props>
  /** How often task settings were committed, from 0. */
  readonly generations: ReadonlyMap<string, number>
  readonly taskCountRecords: ReadonlyMap<string, number>
  readonly pendingFencing: ReadonlySet<string>
}

/** Hears of changes that came after the start, in the order of the log. */
export interface ConfigListener {
  connectorUpdated(name: string): void
  connectorRemoved(name: string): void
  tasksUpdated(tasks: readonly TaskId[]): void
  targetStateChanged(name: string): void
  sessionKeyUpdated(key: SessionKey): void
  restartRequested(request: RestartRequest): void
  loggerLevelChanged(namespace: string, level: string): void
}

/** Connector and task settings, and what else all workers share. Source: ConfigBackingStore. */
export interface ConfigStore {
  /** Loads what is stored. Changes that come later go to the listener. */
  start(listener: ConfigListener): Promise<void>
  stop(): Promise<void>
  snapshot(): ConfigSnapshot
  /** Catches up with what others wrote. Throws `HR_REQUEST_TIMEOUT` when that takes longer than `timeoutMs`. */
  refresh(timeoutMs: number): Promise<void>
  putConnector(name: string, config: Props, targetState?: TargetState): Promise<void>
  removeConnector(name: string): Promise<void>
  /** Replaces all task settings of a connector, at once. */
  putTasks(connector: string, configs: readonly TaskProps[]): Promise<void>
  putTargetState(connector: string, state: TargetState): Promise<void>
  putSessionKey(key: SessionKey): Promise<void>
  putRestartRequest(request: RestartRequest): Promise<void>
  putTaskCountRecord(connector: string, tasks: number): Promise<void>
  putLoggerLevel(namespace: string, level: string): Promise<void>
}

/** Offsets by connector and source partition. A null offset deletes. Source: OffsetBackingStore. */
export interface OffsetStore {
  start(): Promise<void>
  stop(): Promise<void>
  /** By position; undefined where nothing is stored. */
  get(connector: string, partitions: readonly SourcePartition[]): Promise<(StoredOffset | undefined)[]>
  /** Resolves once all are stored. */
  set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void>
  /** Each partition of a connector that has an offset, with it. */
  all(connector: string): Promise<PartitionOffsetEntry[]>
}

export type StoredOffset = Readonly<Record<string, OffsetValue>>

export type PartitionOffsetEntry = readonly [partition: SourcePartition | null, offset: StoredOffset | null]

export type InstanceState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'STOPPED'

/** What a worker says of a connector or task that it has. */
export interface InstanceStatus {
  readonly state: InstanceState
  readonly trace: string | null
  /** host:port of the worker's REST API. */
  readonly workerId: string
  /** Group generation in which it was written. */
  readonly generation: number
  readonly version: string | null
}

/** A status, with what was seen of the instance before. */
export interface SeenStatus extends InstanceStatus {
  /** When it came into this state, in milliseconds since the epoch. */
  readonly since: number
  /** How often it came to run again after it had run, as far as this worker has seen. */
  readonly restarts: number
}

export interface TopicStatus {
  readonly topic: string
  readonly connector: string
  readonly task: number
  /** Milliseconds since the epoch. */
  readonly discoveredAt: number
}

/** States of connectors and tasks, and the topics they use. Source: StatusBackingStore. */
export interface StatusStore {
  start(): Promise<void>
  stop(): Promise<void>
  connector(name: string): SeenStatus | undefined
  task(id: TaskId): SeenStatus | undefined
  /** By task number, in order. */
  tasks(connector: string): ReadonlyMap<number, SeenStatus>
  connectors(): string[]
  putConnector(name: string, status: InstanceStatus): void
  putTask(id: TaskId, status: InstanceStatus): void
  /** Writes unless a newer generation has already written: a worker that lost its work must not overwrite. */
  putConnectorSafely(name: string, status: InstanceStatus): void
  putTaskSafely(id: TaskId, status: InstanceStatus): void
  removeConnector(name: string): void
  removeTask(id: TaskId): void
  topics(connector: string): TopicStatus[]
  putTopic(status: TopicStatus): void
  removeTopic(connector: string, topic: string): void
  /** Calls the listener after each change of a state, by this worker or another. */
  onChange(listener: () => void): void
  /** Says of which connectors a topic has been removed, by this worker or another. */
  onTopicRemoved(listener: (connector: string) => void): void
  /** Resolves when everything put so far is written. */
  flush(): Promise<void>
}
