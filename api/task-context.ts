import type { Logger } from './logger.ts'
import type { TaskProps } from './props.ts'

/** What every task can ask of the worker. */
export interface TaskContext {
  readonly connector: string
  /** Number of the task within its connector, from 0. */
  readonly task: number
  /** The task's settings as written, variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
}
