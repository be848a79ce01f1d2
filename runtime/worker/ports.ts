import type { Props, TaskProps } from '../../api/index.ts'
import type { TargetState, TaskId } from '../stores/index.ts'
import type { TaskMetrics } from '../task/index.ts'

/** State changes of connectors and tasks, for the herder to record. */
export interface WorkerListener {
  /** Called when the connector has waited for its process or its own code for a while. */
  connectorDelayed(name: string, version: string | null): void
  /** Called when its process ended through no fault of the connector, which is then restarted. */
  connectorRestarting(name: string): void
  connectorRunning(name: string, version: string): void
  connectorPaused(name: string, version: string | null): void
  connectorStopped(name: string, version: string | null): void
  connectorFailed(name: string, trace: string, version: string | null): void
  /** Called when the connector has been removed from this worker. */
  connectorShutDown(name: string, version: string | null): void
  /** Called when the task has waited for its process or its own code for a while. */
  taskDelayed(id: TaskId): void
  taskRunning(id: TaskId, version: string): void
  taskPaused(id: TaskId, version: string): void
  taskFailed(id: TaskId, trace: string, version: string | null): void
  /** Called when its process ended through no fault of the task, which is then restarted. */
  taskRestarting(id: TaskId): void
  taskShutDown(id: TaskId, version: string | null): void
  topicUsed(id: TaskId, topic: string): void
  reconfigurationRequested(name: string): void
  /** Called when a value from a config provider has a time to live. */
  valuesExpire(name: string, inMs: number): void
}

/**
 * The herder's part in the start of a source task that writes in transactions. Between both calls, the task
 * initializes its transactional id.
 *
 * Source: DistributedHerder.fenceZombieSourceTasks and verifyTaskGenerationAndOwnership (KIP-618).
 */
export interface TaskAdmission {
  /** Fences the tasks of the connector that may still run with earlier settings. Throws if that is impossible. */
  fence(connector: string): Promise<void>
  /**
   * Throws `HR_CONNECT` unless the task is assigned to this worker and its settings are still of this generation, as of
   * the end of the config topic.
   */
  verifyTask(id: TaskId, generation: number): Promise<void>
}

/** The definition of a task, from the config store. */
export interface TaskDefinition {
  readonly id: TaskId
  readonly connectorProps: Props
  readonly taskProps: TaskProps
  readonly targetState: TargetState
  /** Number of tasks that the connector has with these settings; undefined while unknown. */
  readonly taskCount: number | undefined
  /** How often settings of the connector's tasks were stored before these. */
  readonly generation: number
}

/** The current process and metrics of a task. */
export interface TaskSnapshot {
  readonly id: TaskId
  readonly pid: number
  readonly metrics: TaskMetrics | undefined
}
