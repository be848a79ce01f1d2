import type { Props } from '../../../api/index.ts'
import type { Blocked } from '../../kafka/index.ts'
import type { TargetState } from '../../stores/index.ts'
import type { TaskMetrics } from '../../task/index.ts'
import type { TaskDefinition } from '../ports.ts'
import type { HostedProcess } from '../processes/pool.ts'
import type { RunningProcess } from '../processes/task-process.ts'
import type { Owner } from '../protocol.ts'
import type { RestartBudget } from './restart-budget.ts'

/** Properties common to connectors and tasks. */
interface InstanceEntry {
  /** Name of the instance in the process pool. */
  readonly member: string
  readonly owner: Owner
  /** Identifies the current start: events and results of an earlier run are ignored. */
  run: number
  /**
   * The process it runs or will run in; undefined before its start, during a stop, and between two processes.
   */
  hosted: HostedProcess | undefined
  /** The process in `hosted`, once the start has been sent there. */
  process: RunningProcess | undefined
  /** Version of its plugin, once known. */
  version: string | null
  /** Restarts left after its process was killed from outside. */
  readonly restarts: RestartBudget
}

/** A connector of this worker. `failed` requires a restart; the other states follow its target state. */
export interface ConnectorEntry extends InstanceEntry {
  readonly kind: 'connector'
  readonly name: string
  readonly props: Props
  state: 'starting' | 'started' | 'paused' | 'stopped' | 'failed'
  target: TargetState
  /** Aborted when the instance of this run is stopped: pending calls to it are abandoned. */
  ended: AbortController
  /** A call into its code that has not returned; null when there is none. */
  blocked: Blocked | null
  /** The pending start, across the processes it takes. Cleared when the start is no longer wanted. */
  starting: PendingStart | undefined
  /** Settles when the latest requested transition has completed or failed. */
  transition: Promise<void>
}

/** A start that callers await. */
export interface PendingStart {
  readonly done: Promise<void>
  resolve(): void
  reject(error: Error): void
}

/** A task of this worker, including failed ones. */
export interface TaskEntry extends InstanceEntry {
  readonly kind: 'task'
  readonly definition: TaskDefinition
  state: 'starting' | 'running' | 'paused' | 'failed' | 'stopping'
  paused: boolean
  metrics: TaskMetrics | undefined
}
