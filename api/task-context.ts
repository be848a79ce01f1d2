import type { Logger } from './logger.ts'
import type { TaskKafka } from './kafka.ts'
import type { PluginMetrics } from './metrics.ts'
import type { TaskProps } from './props.ts'

/** How far a long operation has come, such as a snapshot. */
export interface TaskProgress {
  /** What the task is doing, such as `snapshot`. At most 100 characters are kept. */
  readonly phase: string
  readonly done: number
  /** Null if it is not known. */
  readonly total: number | null
  /** For example the table that is being read. At most 500 characters are kept. */
  readonly detail?: string
}

/** What every task can ask of the worker. */
export interface TaskContext {
  readonly connector: string
  /** Number of the task within its connector, from 0. */
  readonly task: number
  /** The task's settings as written, variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
  /**
   * Aborted when the task begins to stop, and when it has failed; not when it is paused. Finish work in progress and
   * start nothing new: the last calls of the task's methods follow. Also aborted while `openTask` runs.
   */
  readonly signal: AbortSignal
  /**
   * Aborted when the task has not stopped within `task.shutdown.graceful.timeout.ms`. Abandon everything at once: nothing
   * is written or committed any more, and the process may be killed.
   */
  readonly hardStop: AbortSignal
  /**
   * Fails the task, at any time and from anywhere: a timer, an event of a client, while `poll` or `put` waits, while the
   * task is paused. The task ends as if one of its methods had thrown the error. The first call counts; calls after
   * `close` have no effect, and a task that is being stopped is stopped all the same.
   *
   * The worker waits up to 5 seconds for a pending `poll` or `put`. If it does not return, `close` is called
   * nevertheless, and a sink commits nothing more. A call during `openTask` takes effect once `openTask` has returned.
   *
   * Differs: in Kafka Connect a task fails only by throwing from one of its methods.
   */
  fail(error: unknown): void
  /**
   * Reports how far a long operation has come; null when it is over. Each call replaces the last report. Shown in
   * `GET /headrace/connectors/{connector}`, and logged at INFO when the phase changes and every 30 seconds within a phase,
   * as long as calls come. Cheap enough to be called for each batch.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` for an empty phase, and for numbers that are negative or not finite.
   */
  progress(progress: TaskProgress | null): void
  readonly metrics: PluginMetrics
  readonly kafka: TaskKafka
}
