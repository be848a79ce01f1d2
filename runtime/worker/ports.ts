import type { Props, TaskProps } from '../../api/index.ts'
import type { TargetState, TaskId } from '../stores/index.ts'
import type { TaskMetrics } from '../task/index.ts'

/** What becomes of connectors and tasks; the herder writes it down. */
export interface WorkerListener {
  /** It has been waiting for its process or its own code for a while. */
  connectorDelayed(name: string, version: string | null): void
  /** Its process ended through no fault of its own; it starts again. */
  connectorRestarting(name: string): void
  connectorRunning(name: string, version: string): void
  connectorPaused(name: string, version: string | null): void
  connectorStopped(name: string, version: string | null): void
  connectorFailed(name: string, trace: string, version: string | null): void
  /** It is not here any more. */
  connectorShutDown(name: string, version: string | null): void
  /** It has been waiting for its process or its own code for a while. */
  taskDelayed(id: TaskId): void
  taskRunning(id: TaskId, version: string): void
  taskPaused(id: TaskId, version: string): void
  taskFailed(id: TaskId, trace: string, version: string | null): void
  /** Its process ended through no fault of its own; it starts again. */
  taskRestarting(id: TaskId): void
  taskShutDown(id: TaskId, version: string | null): void
  topicUsed(id: TaskId, topic: string): void
  reconfigurationRequested(name: string): void
  /** A value from a config provider runs out. */
  valuesExpire(name: string, inMs: number): void
}

/** A task to be run, as the config store has it. */
export interface TaskDefinition {
  readonly id: TaskId
  readonly connectorProps: Props
  readonly taskProps: TaskProps
  readonly targetState: TargetState
  /** How many tasks the connector has with these settings; undefined while it is still to say. */
  readonly taskCount: number | undefined
}

/** What a task does, for those who look. */
export interface TaskSnapshot {
  readonly id: TaskId
  readonly pid: number
  readonly metrics: TaskMetrics | undefined
}
