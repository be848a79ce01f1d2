import type { Props } from '../../../api/index.ts'
import type { TargetState } from '../../stores/index.ts'
import type { TaskMetrics } from '../../task/index.ts'
import type { TaskDefinition } from '../ports.ts'
import type { RunningProcess } from '../processes/task-process.ts'
import type { Owner } from '../protocol.ts'

/** A connector that this worker has. `failed` needs a restart; the others follow its target state. */
export interface ConnectorEntry {
  readonly kind: 'connector'
  /** Under this name it lives in a process. */
  readonly member: string
  readonly owner: Owner
  readonly name: string
  readonly props: Props
  state: 'starting' | 'started' | 'paused' | 'stopped' | 'failed'
  target: TargetState
  process: RunningProcess | undefined
  /** Settles when the last change of state that was asked for is carried out, or has failed. */
  transition: Promise<void>
  version: string | null
}

/** A task that this worker has, failed ones included. */
export interface TaskEntry {
  readonly kind: 'task'
  readonly member: string
  readonly owner: Owner
  readonly definition: TaskDefinition
  /** Counts starts: what an earlier one says is not heard. */
  run: number
  state: 'starting' | 'running' | 'paused' | 'failed' | 'stopping'
  paused: boolean
  process: RunningProcess | undefined
  metrics: TaskMetrics | undefined
  /** Of its plugin, once it has run. */
  version: string | null
}
