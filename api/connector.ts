import type { ConfigDef, Infer } from './config/index.ts'
import type { Logger } from './logger.ts'
import type { TaskProps } from './props.ts'
import type { SourceOffset, SourcePartition } from './record.ts'
import type { SinkTask, SinkTaskContext } from './sink-task.ts'
import type { SourceTask, SourceTaskContext } from './source-task.ts'

/** What is wrong with one setting. */
export interface ConfigFault {
  readonly key: string
  readonly message: string
}

/**
 * Something that `diagnose` has found outside of the worker.
 *
 * The texts are shown to users as plain text. The worker hides the values of settings of type password in them.
 */
export interface Finding {
  /** Kind of the finding, for scripts: lower-case words joined by hyphens. It never changes: `slot-missing`. */
  readonly id: string
  /** `error`: the connector cannot work. `warning`: it works, but not as expected. `info`: good to know. */
  readonly severity: 'error' | 'warning' | 'info'
  /** What was found, in a sentence that names the object and, where it helps, what was expected. */
  readonly message: string
  /** What the user does next. Null or undefined if there is nothing to do. */
  readonly remedy?: string | null
}

/** What `diagnose` can ask of the worker. */
export interface DiagnoseContext {
  readonly log: Logger
  /** Aborted at the deadline. Findings returned within two seconds after that are still used. */
  readonly signal: AbortSignal
  /**
   * Whether a connector with this name exists in the cluster. It may be running, and what it keeps elsewhere may be in
   * use: a replication slot that is active is a finding only if this is false.
   */
  readonly exists: boolean
}

/** What `diagnose` of a source can ask of the worker. */
export interface SourceDiagnoseContext extends DiagnoseContext {
  /** The stored offset of each partition, by position; undefined where there is none. */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

/** What `deleted` can ask of the worker. */
export interface DeletedContext {
  readonly log: Logger
  /** Aborted at the deadline, two seconds before the process is ended. */
  readonly signal: AbortSignal
}

/** What a running connector can ask of the worker. */
export interface ConnectorContext {
  /** The connector's settings as written, variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
  /** Asks for `taskConfigs` to be called again, because the outside world changed. */
  requestTaskReconfiguration(): void
  /** Puts the connector into state FAILED. Its tasks keep running. */
  fail(error: unknown): void
}

/** What a running source connector can ask of the worker. */
export interface SourceConnectorContext extends ConnectorContext {
  /** The stored offset of each partition, by position; undefined where there is none. */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

/** A started connector: it divides the work and may watch the outside world. */
export interface RunningConnector {
  /** Settings for each task, at most `maxTasks` of them. Called at start and after each reconfiguration request. */
  taskConfigs(maxTasks: number): readonly TaskProps[] | Promise<readonly TaskProps[]>
  /** Ends what `start` began. */
  stop?(): void | Promise<void>
}

interface ConnectorBase<D extends ConfigDef> {
  /** Class name in connector configs: the Java name for built-ins, any unique name otherwise. */
  readonly name: string
  readonly version: string
  /** Name of the task class, recorded in task configs as Kafka Connect does. */
  readonly taskClass: string
  readonly config: D
  /** Checks that need more than one setting or the outside world. Single settings are checked before. */
  validate?(props: TaskProps): readonly ConfigFault[] | Promise<readonly ConfigFault[]>
  /**
   * Called once after the connector was deleted and its connector instance and tasks have stopped, to drop what it
   * keeps outside of Kafka, such as a replication slot. `props` are the settings at the time of the deletion, variables
   * resolved.
   *
   * Not called when the connector is stopped, paused, restarted or reassigned, or when a worker stops. Called at most
   * once, by one worker: the one that carried out the deletion, in a cluster the leader. It is not called if that worker
   * ends, loses the leadership or is a Java worker before the tasks have stopped. A task that did not stop in time, or
   * whose worker is cut off from the cluster, may still run.
   *
   * Runs in a process of its own, with a deadline of 30 seconds. It must succeed if there is nothing left to drop. When it
   * throws, the worker logs the root cause at WARN, and the deletion stands. A connector with the same name can be
   * created only after that. Nothing is called afterwards: the process ends.
   *
   * Differs: Kafka Connect does not notify a connector of its deletion.
   */
  deleted?(props: TaskProps, context: DeletedContext): void | Promise<void>
}

/**
 * Brings records from a system into Kafka.
 *
 * Source: SourceConnector and SourceTask (KIP-26). Differs: the configuration arrives parsed, and one definition
 * holds connector and task.
 */
export interface SourceConnector<D extends ConfigDef = ConfigDef> extends ConnectorBase<D> {
  readonly kind: 'source'
  start(config: Infer<D>, context: SourceConnectorContext): RunningConnector | Promise<RunningConnector>
  openTask(config: Infer<D>, context: SourceTaskContext): SourceTask | Promise<SourceTask>
  /** Whether records and offsets can be written in one transaction. Undefined: the connector does not say. */
  exactlyOnceSupport?(props: TaskProps): 'supported' | 'unsupported'
  canDefineTransactionBoundaries?(props: TaskProps): 'supported' | 'unsupported'
  /**
   * Looks at the outside world and returns what prevents the connector from working, or will: missing privileges, objects
   * that do not exist, settings of the other system. Returns no findings if all is well. `props` have their variables
   * resolved.
   *
   * Called on request, before the connector is created or while it runs, on any worker, and only with settings that
   * `validate` accepts. Calls for the same connector may run at the same time, beside its connector instance and tasks.
   * It must change nothing: it creates no object, not even for a moment, and moves no offset.
   *
   * Runs in a process of its own. The whole diagnosis has 30 seconds, after which `context.signal` is aborted; a call that
   * does not end within two more seconds is ended with its process, and the request fails. When it throws, the user gets
   * one finding with the id `diagnose-failed`, severity `error` and the root cause; return a finding for what you
   * expect to go wrong, such as a server that cannot be reached. Nothing is called afterwards: the process ends.
   */
  diagnose?(
    props: TaskProps,
    context: SourceDiagnoseContext,
  ): readonly Finding[] | Promise<readonly Finding[]>
  /**
   * Checks new offsets before they are stored, and changes what the connector keeps outside of Kafka.
   *
   * True when nothing remains for the user to do. Throws when the offsets make no sense.
   */
  alterOffsets?(
    props: TaskProps,
    offsets: readonly (readonly [SourcePartition | null, SourceOffset | null])[],
  ): boolean | Promise<boolean>
}

/** Writes records from Kafka into a system. Source: SinkConnector and SinkTask. */
export interface SinkConnector<D extends ConfigDef = ConfigDef> extends ConnectorBase<D> {
  readonly kind: 'sink'
  start(config: Infer<D>, context: ConnectorContext): RunningConnector | Promise<RunningConnector>
  openTask(config: Infer<D>, context: SinkTaskContext): SinkTask | Promise<SinkTask>
  /** As for sources. */
  diagnose?(props: TaskProps, context: DiagnoseContext): readonly Finding[] | Promise<readonly Finding[]>
  /** As for sources; the partition is `{ kafka_topic, kafka_partition }`, the offset `{ kafka_offset }`. */
  alterOffsets?(
    props: TaskProps,
    offsets: readonly (readonly [SourcePartition, SourceOffset | null])[],
  ): boolean | Promise<boolean>
}

/** A connector of either kind, told apart by `kind`. */
export type Connector = SourceConnector | SinkConnector
