import type { ConfigDef, Infer } from './config/index.ts'
import type { Logger } from './logger.ts'
import type { TaskProps } from './props.ts'
import type { SourceOffset, SourcePartition } from './record.ts'
import type { SinkTask, SinkTaskContext } from './sink-task.ts'
import type { SourceTask, SourceTaskContext } from './source-task.ts'

/** The reason why a setting is invalid. */
export interface ConfigFault {
  readonly key: string
  readonly message: string
}

/**
 * A finding of `diagnose` about the system that the connector works with.
 *
 * The texts are shown to users as plain text. The worker hides the values of settings of type password in them.
 */
export interface Finding {
  /**
   * Stable identifier of the kind of finding, for scripts: lower-case words joined by hyphens, such as `slot-missing`.
   */
  readonly id: string
  /** `error`: the connector cannot work. `warning`: it works, but not as expected. `info`: no problem. */
  readonly severity: 'error' | 'warning' | 'info'
  /** A sentence that names the object and, if useful, what was expected. */
  readonly message: string
  /** What the user should do. Null or undefined if nothing. */
  readonly remedy?: string | null
}

/** Services of the worker for `diagnose`. */
export interface DiagnoseContext {
  readonly log: Logger
  /** Aborted at the deadline. Findings returned within two seconds after that are still used. */
  readonly signal: AbortSignal
  /**
   * Whether a connector with this name exists in the cluster. If so, it may be running, and its external resources may
   * be in use: an active replication slot is a finding only if this is false.
   */
  readonly exists: boolean
}

/** Services of the worker for `diagnose` of a source. */
export interface SourceDiagnoseContext extends DiagnoseContext {
  /**
   * Resolves to the stored offsets, in the order of `partitions`; undefined for a partition without one. Rejects with
   * `HR_KAFKA_UNAVAILABLE` after ten seconds without a response of Kafka, and when `signal` is aborted.
   */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

/** Services of the worker for `deleted`. */
export interface DeletedContext {
  readonly log: Logger
  /** Aborted at the deadline, two seconds before the process is killed. */
  readonly signal: AbortSignal
}

/** Services of the worker for a running connector. */
export interface ConnectorContext {
  /** The connector's settings as strings, with variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
  /** Requests another call of `taskConfigs`, because the external system has changed. */
  requestTaskReconfiguration(): void
  /** Changes the state of the connector to FAILED. Its tasks keep running. */
  fail(error: unknown): void
}

/** Services of the worker for a running source connector. */
export interface SourceConnectorContext extends ConnectorContext {
  /** Resolves to the stored offsets, in the order of `partitions`; undefined for a partition without one. */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

/** A started connector. It divides the work among tasks, and may monitor the external system. */
export interface RunningConnector {
  /**
   * Returns the settings of each task, for at most `maxTasks` tasks. Called after the start and after each
   * reconfiguration request.
   */
  taskConfigs(maxTasks: number): readonly TaskProps[] | Promise<readonly TaskProps[]>
  /** Stops everything that `start` started. */
  stop?(): void | Promise<void>
}

interface ConnectorBase<D extends ConfigDef> {
  /** Class name in connector configs: the Java name for built-ins, any unique name otherwise. */
  readonly name: string
  /** Further names for connector configs, besides the simple class name. */
  readonly aliases?: readonly string[]
  readonly version: string
  /** Name of the task class, recorded in task configs as Kafka Connect does. */
  readonly taskClass: string
  readonly config: D
  /**
   * Returns definitions of further settings, whose names depend on `props`, such as one for each table. Like extensions,
   * they appear in responses only if they are set; the connector reads their values from `props`.
   */
  dynamicConfig?(props: TaskProps): ConfigDef
  /**
   * Returns errors that involve several settings or the external system. Called after each setting has been validated
   * by itself.
   */
  validate?(props: TaskProps): readonly ConfigFault[] | Promise<readonly ConfigFault[]>
  /**
   * Called once after the connector was deleted and its connector instance and tasks have stopped, to remove its
   * resources outside of Kafka, such as a replication slot. `props` are the settings at the time of the deletion, with
   * variables resolved.
   *
   * Not called when the connector is stopped, paused, restarted or reassigned, or when a worker stops. Called at most
   * once, by the worker that carried out the deletion; in a cluster, that is the leader. Not called if this worker
   * stops or loses the leadership before the tasks have stopped, or if it is a Java worker. A task that did not stop in
   * time, or whose worker is cut off from the cluster, may still run.
   *
   * Runs in its own process, with a deadline of 30 seconds. It must succeed if there is nothing left to remove. If it
   * throws, the worker logs the root cause at WARN, and the connector stays deleted. A connector with the same name can
   * be created only after the call. Nothing is called afterwards: the process ends.
   *
   * Differs: Kafka Connect does not notify a connector of its deletion.
   */
  deleted?(props: TaskProps, context: DeletedContext): void | Promise<void>
}

/**
 * Reads records from a system and writes them to Kafka.
 *
 * Source: SourceConnector and SourceTask (KIP-26). Differs: the configuration is already parsed, and one definition
 * contains the connector and its task.
 */
export interface SourceConnector<D extends ConfigDef = ConfigDef> extends ConnectorBase<D> {
  readonly kind: 'source'
  /** Starts the connector. An error changes its state to FAILED. */
  start(config: Infer<D>, context: SourceConnectorContext): RunningConnector | Promise<RunningConnector>
  /** Starts a task with the settings that `taskConfigs` returned for it. An error fails the task. */
  openTask(config: Infer<D>, context: SourceTaskContext): SourceTask | Promise<SourceTask>
  /** Whether records and offsets can be written in one transaction. If undefined, this is unknown. */
  exactlyOnceSupport?(props: TaskProps): 'supported' | 'unsupported'
  /** Whether the connector can define transaction boundaries; `unsupported` if undefined. */
  canDefineTransactionBoundaries?(props: TaskProps): 'supported' | 'unsupported'
  /**
   * Inspects the external system and returns what prevents the connector from working, or will do so: missing
   * privileges, missing objects, settings of that system. Returns an empty array if there are no problems. Variables in
   * `props` are resolved.
   *
   * Called on request, before the connector is created or while it runs, on any worker, and only with settings that
   * `validate` accepts. Several calls for the same connector may run at once, and its connector instance and tasks may
   * be running. It must change nothing: it must not create any object, even temporarily, or change an offset.
   *
   * Runs in its own process. After 30 seconds for the whole diagnosis, `context.signal` is aborted; if the call does
   * not return within two more seconds, its process is killed. If it throws, does not return or ends its process, the
   * user gets the findings of the worker and one with the id `diagnose-failed` and severity `error`, with the root
   * cause of an error. Return a finding for problems that you expect, such as an unreachable server. Nothing is called
   * afterwards: the process ends.
   */
  diagnose?(
    props: TaskProps,
    context: SourceDiagnoseContext,
  ): readonly Finding[] | Promise<readonly Finding[]>
  /**
   * Validates new offsets before they are stored, and applies them to the external system if necessary.
   *
   * Returns true if the user need not do anything else. Throws if the offsets are invalid.
   */
  alterOffsets?(
    props: TaskProps,
    offsets: readonly (readonly [SourcePartition | null, SourceOffset | null])[],
  ): boolean | Promise<boolean>
}

/** Reads records from Kafka and writes them to a system. Source: SinkConnector and SinkTask. */
export interface SinkConnector<D extends ConfigDef = ConfigDef> extends ConnectorBase<D> {
  readonly kind: 'sink'
  /** Like {@link SourceConnector.start}. */
  start(config: Infer<D>, context: ConnectorContext): RunningConnector | Promise<RunningConnector>
  /** Like {@link SourceConnector.openTask}. */
  openTask(config: Infer<D>, context: SinkTaskContext): SinkTask | Promise<SinkTask>
  /** Like {@link SourceConnector.diagnose}. */
  diagnose?(props: TaskProps, context: DiagnoseContext): readonly Finding[] | Promise<readonly Finding[]>
  /**
   * Like {@link SourceConnector.alterOffsets}, with partitions `{ kafka_topic, kafka_partition }` and offsets
   * `{ kafka_offset }`.
   */
  alterOffsets?(
    props: TaskProps,
    offsets: readonly (readonly [SourcePartition, SourceOffset | null])[],
  ): boolean | Promise<boolean>
}

/** A source or sink connector, distinguished by `kind`. */
export type Connector = SourceConnector | SinkConnector
