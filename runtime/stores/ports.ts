import type { OffsetValue, Props, SourcePartition, TaskProps } from '../../api/index.ts'

/** A task, identified by its connector and number. */
export interface TaskId {
  readonly connector: string
  readonly task: number
}

export const taskName = ({ connector, task }: TaskId): string => `${connector}-${task}`

/**
 * Returns the transactional id of a source task's producer, the same in Java workers. Source:
 * Worker.taskTransactionalId (KIP-618).
 */
export const transactionalIdOf = (groupId: string, id: TaskId): string => `${groupId}-${taskName(id)}`

/** The state requested for a connector. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED'

export interface RestartRequest {
  readonly connector: string
  readonly onlyFailed: boolean
  readonly includeTasks: boolean
}

/** Key that signs requests between workers; shared through the config topic (KIP-507). */
export interface SessionKey {
  readonly key: Buffer
  readonly algorithm: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** The contents of the config store at one point in time. */
export interface ConfigSnapshot {
  /** Position in the config log: the offset of the next record; -1 before the first. */
  readonly offset: number
  readonly sessionKey: SessionKey | undefined
  readonly connectors: ReadonlyMap<string, Props>
  readonly targetStates: ReadonlyMap<string, TargetState>
  /** Number of tasks by connector, as last committed. */
  readonly taskCounts: ReadonlyMap<string, number>
  /** Committed settings by connector and task number. Compaction may leave some beyond the task count. */
  readonly taskConfigs: ReadonlyMap<string, ReadonlyMap<number, TaskProps>>
  /** Connectors with incomplete task settings; none of their tasks may start. */
  readonly inconsistent: ReadonlySet<string>
  /** The connector settings at the last commit of task settings. */
  readonly applied: ReadonlyMap<string, Props>
  /** How often task settings have been committed, starting from 0. */
  readonly generations: ReadonlyMap<string, number>
  readonly taskCountRecords: ReadonlyMap<string, number>
  readonly pendingFencing: ReadonlySet<string>
}

/** Receives changes made after startup, in log order. */
export interface ConfigListener {
  connectorUpdated(name: string): void
  connectorRemoved(name: string): void
  tasksUpdated(tasks: readonly TaskId[]): void
  targetStateChanged(name: string): void
  sessionKeyUpdated(key: SessionKey): void
  restartRequested(request: RestartRequest): void
  loggerLevelChanged(namespace: string, level: string): void
}

/** Connector and task settings, and other state shared by all workers. Source: ConfigBackingStore. */
export interface ConfigStore {
  /** Loads the stored state. Later changes are passed to the listener. */
  start(listener: ConfigListener): Promise<void>
  /** Waits at most `timeoutMs` for pending writes. */
  stop(timeoutMs?: number): Promise<void>
  snapshot(): ConfigSnapshot
  /**
   * Whether this worker may write as leader; false before {@link claimWritePrivileges} and after a write that failed.
   */
  readonly hasWritePrivileges: boolean
  /**
   * Called by the leader before its first write: earlier leaders can no longer write. Target states and log levels can
   * be written without it, by any worker.
   */
  claimWritePrivileges(): Promise<void>
  /** Reads to the end of the log. Throws `HR_REQUEST_TIMEOUT` after `timeoutMs`. */
  refresh(timeoutMs: number): Promise<void>
  putConnector(name: string, config: Props, targetState?: TargetState): Promise<void>
  removeConnector(name: string): Promise<void>
  /** Replaces all task settings of a connector atomically. */
  putTasks(connector: string, configs: readonly TaskProps[]): Promise<void>
  putTargetState(connector: string, state: TargetState): Promise<void>
  putSessionKey(key: SessionKey): Promise<void>
  putRestartRequest(request: RestartRequest): Promise<void>
  putTaskCountRecord(connector: string, tasks: number): Promise<void>
  putLoggerLevel(namespace: string, level: string): Promise<void>
}

/** Reads offsets by connector and source partition. */
export interface OffsetReader {
  /** Resolves to the offsets in the order of `partitions`; undefined where none is stored. */
  get(connector: string, partitions: readonly SourcePartition[]): Promise<(StoredOffset | undefined)[]>
  /** All partitions of a connector that have an offset. */
  all(connector: string): Promise<PartitionOffsetEntry[]>
}

/** Writes offsets by connector and source partition. */
export interface OffsetWriter {
  /** Resolves once all offsets are stored. A null offset deletes. */
  set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void>
}

/** Source: OffsetBackingStore. */
export interface OffsetStore extends OffsetReader, OffsetWriter {
  start(): Promise<void>
  /** Waits at most `timeoutMs` for pending writes. */
  stop(timeoutMs?: number): Promise<void>
}

export type StoredOffset = Readonly<Record<string, OffsetValue>>

export type PartitionOffsetEntry = readonly [partition: SourcePartition | null, offset: StoredOffset | null]

export type InstanceState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'FAILED' | 'RESTARTING' | 'STOPPED'

/** The status that a worker reports for one of its connectors or tasks. */
export interface InstanceStatus {
  readonly state: InstanceState
  readonly trace: string | null
  /** host:port of the worker's REST API. */
  readonly workerId: string
  /** Group generation in which the status was written. */
  readonly generation: number
  readonly version: string | null
}

/** A status with data derived from earlier statuses of the instance. */
export interface SeenStatus extends InstanceStatus {
  /** When the instance entered this state, in milliseconds since the epoch. */
  readonly since: number
  /** How often the instance has returned to RUNNING after it had run, as far as this worker has seen. */
  readonly restarts: number
}

export interface TopicStatus {
  readonly topic: string
  readonly connector: string
  readonly task: number
  /** Milliseconds since the epoch. */
  readonly discoveredAt: number
}

/** Statuses of connectors and tasks, and the topics they use. Source: StatusBackingStore. */
export interface StatusStore {
  start(): Promise<void>
  /** Waits at most `timeoutMs` for pending writes. */
  stop(timeoutMs?: number): Promise<void>
  connector(name: string): SeenStatus | undefined
  task(id: TaskId): SeenStatus | undefined
  /** Statuses by task number, in ascending order. */
  tasks(connector: string): ReadonlyMap<number, SeenStatus>
  connectors(): string[]
  putConnector(name: string, status: InstanceStatus): void
  putTask(id: TaskId, status: InstanceStatus): void
  /** Skips the write when a newer generation has written: a worker that lost its work must not overwrite. */
  putConnectorSafely(name: string, status: InstanceStatus): void
  putTaskSafely(id: TaskId, status: InstanceStatus): void
  removeConnector(name: string): void
  removeTask(id: TaskId): void
  topics(connector: string): TopicStatus[]
  putTopic(status: TopicStatus): void
  removeTopic(connector: string, topic: string): void
  /** Calls the listener with each new status, by this worker or another; with undefined when one is removed. */
  onChange(listener: (status: InstanceStatus | undefined) => void): void
  /** Calls the listener with the connector when one of its topics is removed, by this worker or another. */
  onTopicRemoved(listener: (connector: string) => void): void
  /** Resolves once all pending statuses are written. */
  flush(): Promise<void>
}
