import type { TaskId } from '../../../stores/index.ts'
import type { Work } from './work.ts'

/**
 * Assigns all connectors, then all tasks, to the workers round-robin. Each rebalance starts from scratch.
 *
 * Source: EagerAssignor.
 */
export function assignEagerly(workers: readonly string[], all: Work): Map<string, Work> {
  const row = workers.toSorted()
  const shares = new Map(row.map((id) => [id, { connectors: [] as string[], tasks: [] as TaskId[] }]))
  let turn = 0
  const next = () => shares.get(row[turn++ % row.length] ?? '')
  for (const name of all.connectors.toSorted()) next()?.connectors.push(name)
  for (const id of all.tasks.toSorted(byTask)) next()?.tasks.push(id)
  return shares
}

export function byTask(a: TaskId, b: TaskId): number {
  if (a.connector !== b.connector) return a.connector < b.connector ? -1 : 1
  return a.task - b.task
}
