import type { DeletionNotices } from '../shared/deletion-notices.ts'
import { atMost, STEP_MS, stopDeadline } from '../shared/stop-waits.ts'
import type { ConfigStore, OffsetStore, StatusStore } from '../../stores/index.ts'
import type { Worker, WorkerRuntime } from '../../worker/index.ts'

export interface ShutdownParts {
  /** Time for all tasks together to stop gracefully. */
  readonly gracefulStopMs: number
  readonly worker: Pick<Worker, 'stopAll'>
  readonly deletionNotices: Pick<DeletionNotices, 'close'>
  readonly configs: Pick<ConfigStore, 'stop'>
  readonly statuses: Pick<StatusStore, 'flush' | 'stop'>
  readonly offsets: Pick<OffsetStore, 'stop'>
  readonly runtime: Pick<WorkerRuntime, 'close'>
  readonly client: { close(): Promise<void> }
  /** Leaves the group. */
  leave(): Promise<void>
}

/**
 * Stops the parts of a worker. Every wait ends as soon as its work is done, and all of them share one deadline:
 * three seconds after the graceful timeout of the tasks. A worker stops in that time when Kafka does not respond.
 * `running` settles when the herder has ended its last step.
 */
export async function shutDown(running: Promise<unknown>, parts: ShutdownParts): Promise<void> {
  const { gracefulStopMs, worker, deletionNotices, configs, statuses, offsets, runtime, client } = parts
  const leftMs = stopDeadline(gracefulStopMs)
  await atMost(STEP_MS, running)
  await atMost(
    leftMs(),
    Promise.all([atMost(gracefulStopMs, running), worker.stopAll(), deletionNotices.close()]),
  )
  // Each takes at most half of the time left, so that a broker which does not respond leaves some to the next
  await atMost(leftMs() / 2, statuses.flush())
  await atMost(leftMs() / 2, parts.leave())
  const storeMs = leftMs() / 2
  await atMost(
    leftMs(),
    Promise.all([configs.stop(storeMs), statuses.stop(storeMs), offsets.stop(storeMs), runtime.close()]),
  )
  await atMost(leftMs(), client.close())
}
