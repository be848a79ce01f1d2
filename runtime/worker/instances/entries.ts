import type { Props } from '../../../api/index.ts'
import type { TargetState } from '../../stores/index.ts'
import type { TaskMetrics } from '../../task/index.ts'
import type { TaskDefinition } from '../ports.ts'
import type { Dwelling } from '../processes/pool.ts'
import type { RunningProcess } from '../processes/task-process.ts'
import type { Owner } from '../protocol.ts'
import type { RestartBudget } from './restart-budget.ts'

/** What connectors and tasks have in common. */
interface InstanceEntry {
  /** Name under which the pool knows it. */
  readonly member: string
  readonly owner: Owner
  /** Counts starts: events and answers of an earlier run are ignored. */
  run: number
  /** Where it runs or is to run; undefined before its start, during a stop, and between two processes. */
  home: Dwelling | undefined
  /** The process of its home, once the start has been sent there. */
  process: RunningProcess | undefined
  /** Of its plugin, once known. */
  version: string | null
  /** Starts left after its process was killed from outside. */
  readonly restarts: RestartBudget
}

/** A connector that this worker has. `failed` needs a restart; the others follow its target state. */
export interface ConnectorEntry extends InstanceEntry {
  readonly kind: 'connector'
  readonly name: string
  readonly props: Props
  state: 'starting' | 'started' | 'paused' | 'stopped' | 'failed'
  target: TargetState
  /** Aborted when the instance of this run is stopped: nobody waits for its answers from then on. */
  ended: AbortController
  /** The start under way, across the processes it takes. Cleared when the start is no longer wanted. */
  starting: PendingStart | undefined
  /** Settles when the last change of state that was requested is carried out, or has failed. */
  transition: Promise<void>
}

/** A start that others wait for. */
export interface PendingStart {
  readonly done: Promise<void>
  resolve(): void
  reject(error: Error): void
}

/** A task that this worker has, failed ones included. */
export interface TaskEntry extends InstanceEntry {
  readonly kind: 'task'
  readonly definition: TaskDefinition
  state: 'starting' | 'running' | 'paused' | 'failed' | 'stopping'
  paused: boolean
  metrics: TaskMetrics | undefined
}
