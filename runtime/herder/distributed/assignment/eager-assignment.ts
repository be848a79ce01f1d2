import type { TaskId } from '../../../stores/index.ts'
import { everyWorker, type EligibleWorkers } from './eligible-workers.ts'
import type { Work } from './work.ts'

/**
 * Assigns all connectors, then all tasks, to the workers round-robin. Each rebalance starts from scratch.
 *
 * Source: EagerAssignor. Differs: passes over workers that may not run a connector.
 */
export function assignEagerly(
  workers: readonly string[],
  all: Work,
  eligible: EligibleWorkers = everyWorker,
): Map<string, Work> {
  const row = workers.toSorted()
  const shares = new Map(row.map((id) => [id, { connectors: [] as string[], tasks: [] as TaskId[] }]))
  let turn = 0
  const next = (connector: string) => {
    const may = eligible(connector)
    const passedOver = row.findIndex((_, place) => may?.has(row[(turn + place) % row.length] ?? '') ?? true)
    if (passedOver < 0) return undefined
    turn += passedOver
    return shares.get(row[turn++ % row.length] ?? '')
  }
  for (const name of all.connectors.toSorted()) next(name)?.connectors.push(name)
  for (const id of all.tasks.toSorted(byTask)) next(id.connector)?.tasks.push(id)
  return shares
}

function byTask(a: TaskId, b: TaskId): number {
  if (a.connector !== b.connector) return a.connector < b.connector ? -1 : 1
  return a.task - b.task
}
