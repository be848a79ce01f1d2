import type { ConnectorEntry, TaskEntry } from './instances/entries.ts'
import type { ProcessEnd } from './processes/task-process.ts'

/**
 * Maximum number of processes in which suspects restart; with more suspects, a group that fails again is
 * divided.
 */
const SUSPECT_GROUPS = 4

type Entry = ConnectorEntry | TaskEntry

/** The consequences for the instances of a process that ended. */
export interface LossOutcome {
  readonly failed: readonly Entry[]
  readonly restarts: readonly Restart[]
}

/** Instances that start together in a process. */
export interface Restart {
  readonly entries: readonly Entry[]
  readonly delayMs: number
  /** Whether they need a process of their own, since one of them may be the cause. */
  readonly isolated: boolean
}

/**
 * Decides which instances failed and which ones restart.
 *
 * The instance whose code ran is the culprit; so is the only instance of a process. If the culprit is
 * unknown, the suspects restart in separate processes, so that the next failure identifies it. When something
 * other than the worker killed the process, none of them need be the cause: each restarts after growing
 * delays, and fails when its budget is exhausted.
 *
 * `others` counts the instances of the process that were being stopped.
 */
export function outcomeOfLoss(
  end: ProcessEnd,
  entries: readonly Entry[],
  others: number,
  now: number,
): LossOutcome {
  const suspects = entries.filter(({ state }) => state !== 'failed')
  if (end.kind === 'killed' || end.kind === 'unstarted')
    return restarted(suspects, end.kind === 'killed', now)
  if (end.culprit !== undefined) {
    const failed = entries.filter(({ owner }) => owner === end.culprit)
    return { failed, restarts: together(suspects.filter((entry) => !failed.includes(entry))) }
  }
  if (suspects.length === 1 && others === 0) return { failed: suspects, restarts: [] }
  return { failed: [], restarts: isolated(suspects.map((entry) => ({ entry, delayMs: 0 }))) }
}

function restarted(suspects: readonly Entry[], mayBeCause: boolean, now: number): LossOutcome {
  const planned = suspects.map((entry) => ({ entry, delayMs: entry.restarts.take(now) }))
  const failed = planned.flatMap(({ entry, delayMs }) => (delayMs === undefined ? [entry] : []))
  const again = planned.flatMap(({ entry, delayMs }) => (delayMs === undefined ? [] : [{ entry, delayMs }]))
  if (mayBeCause) return { failed, restarts: isolated(again) }
  const delayMs = Math.max(0, ...again.map((plan) => plan.delayMs))
  const entries = again.map(({ entry }) => entry)
  return { failed, restarts: entries.length === 0 ? [] : [{ entries, delayMs, isolated: false }] }
}

function together(entries: readonly Entry[]): Restart[] {
  return entries.length === 0 ? [] : [{ entries, delayMs: 0, isolated: false }]
}

/** Places each instance in its own group; with more instances than groups, several share one. */
function isolated(plans: readonly { readonly entry: Entry; readonly delayMs: number }[]): Restart[] {
  return Array.from({ length: Math.min(SUSPECT_GROUPS, plans.length) }, (_, group) => {
    const own = plans.filter((_plan, index) => index % SUSPECT_GROUPS === group)
    return {
      entries: own.map(({ entry }) => entry),
      delayMs: Math.max(...own.map(({ delayMs }) => delayMs)),
      isolated: true,
    }
  })
}
