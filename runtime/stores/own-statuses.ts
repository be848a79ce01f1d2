import type { InstanceStatus } from './ports.ts'
import { endStates } from './status-table.ts'

/**
 * The last status that this worker wrote for each connector and task it runs, by key. A worker that has lost
 * an instance may overwrite that status, and a compacted topic keeps only the latest; this worker then writes
 * it again.
 *
 * Differs: Java leaves such a status in place until the instance changes its state.
 */
export class OwnStatuses {
  readonly #statuses = new Map<string, InstanceStatus>()

  put(key: string, status: InstanceStatus): void {
    if (endStates.includes(status.state)) this.#statuses.delete(key)
    else this.#statuses.set(key, status)
  }

  /** The status to write again after `read` was read; undefined when `read` is correct. */
  toRepair(key: string, read: InstanceStatus | undefined): InstanceStatus | undefined {
    const own = this.#statuses.get(key)
    if (own === undefined || read?.workerId === own.workerId) return undefined
    // Invariant 5: a worker of a newer generation has the instance, or the status was deleted
    if (read === undefined || read.generation >= own.generation) {
      this.#statuses.delete(key)
      return undefined
    }
    return own
  }
}
