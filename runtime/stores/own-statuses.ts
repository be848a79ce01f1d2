import type { InstanceStatus } from './ports.ts'
import { endStates } from './status-table.ts'

/**
 * The last status that this worker put for each connector and task that it runs, by key. With it the worker repairs
 * what a worker that had lost an instance wrote behind it: a compacted topic keeps only the last status.
 *
 * Differs: Java leaves such a status in place until the instance changes its state.
 */
export class OwnStatuses {
  readonly #statuses = new Map<string, InstanceStatus>()

  put(key: string, status: InstanceStatus): void {
    if (endStates.includes(status.state)) this.#statuses.delete(key)
    else this.#statuses.set(key, status)
  }

  /** The status to put again after `read` was read; undefined when `read` is right. */
  toRepair(key: string, read: InstanceStatus | undefined): InstanceStatus | undefined {
    const own = this.#statuses.get(key)
    if (own === undefined || read?.workerId === own.workerId) return undefined
    // Invariant 5: a worker of a newer generation has the instance by now, or it was deleted
    if (read === undefined || read.generation >= own.generation) {
      this.#statuses.delete(key)
      return undefined
    }
    return own
  }
}
