import type { Logger } from './logger.ts'
import type { TaskKafka } from './kafka.ts'
import type { PluginMetrics } from './metrics.ts'
import type { TaskProps } from './props.ts'

/** The progress of a long operation, such as a snapshot. */
export interface TaskProgress {
  /** What the task is doing, such as `snapshot`. Truncated to 100 characters. */
  readonly phase: string
  readonly done: number
  /** Null if unknown. */
  readonly total: number | null
  /** For example the table that is being read. Truncated to 500 characters. */
  readonly detail?: string
}

/** An operation that failed and is being retried, such as connecting to the external system. */
export interface TaskRetry {
  /** Time of the first failure, in milliseconds since the epoch. */
  readonly since: number
  /** Number of failed attempts, from 1. */
  readonly attempt: number
  /** What failed and why. It must not contain secrets. Truncated to 500 characters. */
  readonly reason: string
  /** When the next attempt starts, in milliseconds since the epoch; omitted if unknown. */
  readonly nextAttemptAt?: number
}

/** Services of the worker for all tasks. */
export interface TaskContext {
  readonly connector: string
  /** Number of the task within its connector, from 0. */
  readonly task: number
  /** The task's settings as strings, with variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
  /**
   * Aborted when the task begins to stop or has failed, even during `openTask`; not when it is paused. Finish work in
   * progress and start nothing new. The last calls of the methods of the task follow.
   */
  readonly signal: AbortSignal
  /**
   * Aborted when the task has not stopped within `task.shutdown.graceful.timeout.ms`. Abandon everything immediately:
   * nothing more is written or committed, and the process may be killed.
   */
  readonly hardStop: AbortSignal
  /**
   * Fails the task. Can be called at any time and from anywhere: in a timer or an event listener, while `poll` or `put`
   * waits, while the task is paused. The task ends as if one of its methods had thrown the error. Later calls and calls
   * after `close` have no effect, and a task that is being stopped still counts as stopped.
   *
   * The worker waits up to 5 seconds for a pending `poll` or `put`. If it does not return, `close` is called anyway,
   * and a sink commits nothing more. A call during `openTask` takes effect once `openTask` has returned.
   *
   * Differs: in Kafka Connect a task fails only by throwing from one of its methods.
   */
  fail(error: unknown): void
  /**
   * Reports the progress of a long operation; null when it has ended. Each call replaces the previous report. Shown in
   * `GET /headrace/connectors/{connector}`, and logged at INFO when the phase changes and, while calls continue, every
   * 30 seconds within a phase. Cheap enough to be called for each batch.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` for an empty phase, and for numbers that are negative or not finite.
   */
  progress(progress: TaskProgress | null): void
  /**
   * Reports after a failed attempt that the task retries something by itself, for example while `poll` waits until it
   * has connected again; null when it has succeeded. Each call replaces the previous report. Shown as `retrying` in
   * `GET /headrace/connectors/{connector}`; logged at WARN at the first report and then at most once a minute, and at
   * INFO at the end. The task need not report calls of `poll` and `put` that throw retriable errors: the worker does.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` for an invalid time, an attempt below 1 and an empty reason.
   */
  retrying(retry: TaskRetry | null): void
  readonly metrics: PluginMetrics
  readonly kafka: TaskKafka
}
