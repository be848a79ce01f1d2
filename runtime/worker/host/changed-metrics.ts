import type { TaskMetrics } from '../../task/index.ts'
import type { TaskMetricsUpdate } from '../protocol.ts'
import type { TaskInstance } from './task-instance.ts'

/** Finds the tasks whose metrics changed, so that idle tasks send nothing to the main process. */
export class ChangedMetrics {
  readonly #sent = new WeakMap<TaskInstance, TaskMetrics>()

  /** Returns copies of all metrics that differ from those last returned for the same task. */
  take(tasks: Iterable<TaskInstance>): TaskMetricsUpdate[] {
    const updates: TaskMetricsUpdate[] = []
    for (const task of tasks) {
      const { id, run, metrics } = task
      const before = this.#sent.get(task)
      if (before !== undefined && isSame(before, metrics) && isSame(before.errors, metrics.errors)) continue
      const copy = { ...metrics, errors: { ...metrics.errors } }
      this.#sent.set(task, copy)
      updates.push({ id, run, metrics: copy })
    }
    return updates
  }
}

/** Compares numbers by value and objects by identity; nested counters are compared separately. */
function isSame<T extends object>(before: T, after: T): boolean {
  for (const key in after) {
    if (key !== 'errors' && before[key] !== after[key]) return false
  }
  return true
}
