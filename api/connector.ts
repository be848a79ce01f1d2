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

/** What a running connector can ask of the worker. */
export interface ConnectorContext {
  /** The connector's settings as written, variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
  /** Asks for `taskConfigs` to be called again, because the outside world changed. */
  requestTaskReconfiguration(): void
  /** Puts the connector into state FAILED. Its tasks go on. */
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
  /** As for sources; the partition is `{ kafka_topic, kafka_partition }`, the offset `{ kafka_offset }`. */
  alterOffsets?(
    props: TaskProps,
    offsets: readonly (readonly [SourcePartition, SourceOffset | null])[],
  ): boolean | Promise<boolean>
}

/** A connector of either kind, told apart by `kind`. */
export type Connector = SourceConnector | SinkConnector
