import type { StatusStore } from '../../../stores/index.ts'
import type { WorkerMetadata } from '../assignment/protocol.ts'
import type { Item } from '../assignment/work.ts'

/**
 * Tells which connectors and tasks have ended on a worker that is no longer a member, by their statuses: they were stopped
 * before it left, or had failed. Nothing of them can run there, so they need not wait for the worker to return.
 *
 * Differs: in Java they wait for `scheduled.rebalance.max.delay.ms`.
 */
export function stoppedWork(
  statuses: Pick<StatusStore, 'connector' | 'task'>,
  members: Iterable<Pick<WorkerMetadata, 'url'>>,
): (item: Item) => boolean {
  const present = new Set([...members].map(({ url }) => workerIdOf(url)))
  return ({ connector, task }) => {
    const status = task === null ? statuses.connector(connector) : statuses.task({ connector, task })
    if (status?.state !== 'UNASSIGNED' && status?.state !== 'FAILED') return false
    return !present.has(status.workerId)
  }
}

/** The host and port of a REST URL. */
const workerIdOf = (url: string): string => url.replace(/^\w+:\/\//, '').replace(/\/.*/s, '')
