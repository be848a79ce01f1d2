import { ConnectError, type SinkTask, type SinkTaskContext, type TopicPartition } from '../../../api/index.ts'
import type { ObjectWriter, SinkPlan } from '../ports.ts'

/** What a sink task works with. */
export interface SinkTaskParts {
  readonly plan: SinkPlan
  /** Closed by the task. */
  readonly objects: ObjectWriter
  readonly context: SinkTaskContext
  /** Memory in bytes that encoders may hold together; beyond it the largest ones pass on what they hold. */
  readonly maxHeldBytes: number
  /**
   * Aborts the uploads to objects of these partitions, left behind by earlier tasks; null if that is not wanted. A
   * rejection is logged.
   */
  readonly abortLeftovers:
    ((partitions: readonly TopicPartition[], signal: AbortSignal) => Promise<void>) | null
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Opens a sink task that writes as the plan says. */
export function openSinkTask(_parts: SinkTaskParts): SinkTask {
  throw new ConnectError('HR_UNSUPPORTED', 'the sink is not complete')
}
