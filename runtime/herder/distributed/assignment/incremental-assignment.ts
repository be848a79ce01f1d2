import type { TaskId } from '../../../stores/index.ts'
import { byTask } from './eager-assignment.ts'
import { WorkSet, type Work } from './work.ts'

/** Additional assignments and revocations of each worker, and the delay until the next rebalance. */
export interface IncrementalShares {
  readonly assigned: ReadonlyMap<string, Work>
  readonly revoked: ReadonlyMap<string, Work>
  readonly delay: number
}

const BACKOFF_FACTOR = 40

/** A rebalance as the leader sees it. */
export interface Round {
  readonly generation: number
  /** The last generation that the leader completed. */
  readonly completed: number
  /** REST URL of each member. */
  readonly urls: ReadonlyMap<string, string>
}

/**
 * Balances work with as few moves as possible. Workers keep their assignments; work that moves is revoked
 * first and assigned in the next rebalance; the work of a lost worker is held back for a delay in case the
 * worker returns.
 *
 * Keeps state between rebalances, as the leader does. Source: IncrementalCooperativeAssignor (KIP-415).
 * Differs: a member that joins with the URL of a lost worker counts as that worker, restarted, and the delay
 * ends; Java waits for the whole delay.
 */
export class IncrementalAssignor {
  readonly #maxDelay: number
  readonly #now: () => number
  #previous = new WorkSet()
  #previousRevocation = new WorkSet()
  #revokedInPrevious = false
  readonly #candidates = new Set<string>()
  #scheduledAt = 0
  #delay = 0
  #previousGeneration = -1
  #previousUrls: ReadonlyMap<string, string> = new Map()
  /** URLs of lost workers that have not returned. */
  readonly #absent = new Set<string>()
  #revokingRounds = 0

  constructor(maxDelayMs: number, now: () => number = Date.now) {
    this.#maxDelay = maxDelayMs
    this.#now = now
  }

  /**
   * `holdings` are the current assignments by member. When the completed generation is not that of the last
   * round, the result of that round may not have taken effect.
   */
  assign(
    holdings: ReadonlyMap<string, Work>,
    configured: Work,
    { generation, completed, urls }: Round,
  ): IncrementalShares {
    if (this.#previousGeneration !== completed) this.#previous = new WorkSet()
    const all = new WorkSet(configured)
    const held = new Map([...holdings].map(([id, work]) => [id, new WorkSet(work)]))
    const active = [...held.values()].reduce((sum, work) => sum.add(work), new WorkSet())
    if (!this.#previousRevocation.and(active).isEmpty) this.#previous = active.copy()
    this.#previousRevocation = new WorkSet()

    const deleted = this.#previous.minus(all)
    const duplicated = duplicates(held)
    const lost = this.#previous.minus(active).minus(deleted)
    const created = all.minus(this.#previous).minus(active)
    const unwanted = new WorkSet().add(deleted).add(duplicated)
    const revoked = new Map([...held].map(([id, work]) => [id, work.and(unwanted)]))
    const next = new Map([...held].map(([id, work]) => [id, work.minus(unwanted)]))

    this.#placeLost(lost, created, next, urls)
    if (this.#delay === 0) this.#level(next, revoked, all)
    if (this.#delay !== 0) this.#revokedInPrevious = false
    assignToLeastLoaded(created, next)
    this.#previousGeneration = generation
    this.#previousUrls = urls
    return this.#finishRound(held, next, revoked, lost, deleted)
  }

  /** Decides whether the work of lost workers is reassigned now, given to new workers, or held back. */
  #placeLost(lost: WorkSet, open: WorkSet, next: Map<string, WorkSet>, urls: Round['urls']): void {
    const now = this.#now()
    const haveReturned = this.#haveReturned(urls)
    if (lost.isEmpty && !this.#revokedInPrevious) return this.#resetDelay()
    const nobodyLeft = [...this.#previousUrls.keys()].every((id) => urls.has(id))
    if ((this.#scheduledAt <= 0 && nobodyLeft) || this.#maxDelay === 0) {
      open.add(lost)
      return
    }
    if (haveReturned) {
      open.add(lost)
      this.#resetDelay()
      return
    }
    if (this.#scheduledAt > 0 && now >= this.#scheduledAt) {
      const ready = [...this.#candidates].filter((id) => next.has(id))
      if (ready.length > 0) assignRoundRobin(lost, ready, next)
      else open.add(lost)
      this.#resetDelay()
      this.#revokedInPrevious = false
      return
    }
    for (const [id, work] of next) if (work.isEmpty) this.#candidates.add(id)
    this.#delay = now < this.#scheduledAt ? Math.min(this.#scheduledAt - now, this.#maxDelay) : this.#maxDelay
    this.#scheduledAt = now + this.#delay
  }

  /** Whether workers were lost and all of them have rejoined under new member IDs. */
  #haveReturned(urls: Round['urls']): boolean {
    for (const [id, url] of this.#previousUrls) if (!urls.has(id)) this.#absent.add(url)
    if (this.#absent.size === 0) return false
    for (const url of urls.values()) this.#absent.delete(url)
    return this.#absent.size === 0
  }

  /** Revokes work from workers that have more than their share. */
  #level(next: Map<string, WorkSet>, revoked: Map<string, WorkSet>, all: WorkSet): void {
    const surplus = surplusOf(next, all)
    const any = [...surplus.values()].some((work) => !work.isEmpty)
    if (!any) {
      this.#revokedInPrevious = false
      this.#revokingRounds = 0
      return
    }
    if (this.#revokedInPrevious) {
      this.#revokingRounds++
      this.#delay = this.#backoff()
      if (this.#delay !== 0) {
        this.#scheduledAt = this.#now() + this.#delay
        return
      }
    }
    for (const [id, work] of surplus) {
      revoked.set(id, (revoked.get(id) ?? new WorkSet()).add(work))
      next.set(id, (next.get(id) ?? new WorkSet()).minus(work))
    }
    this.#revokedInPrevious = true
  }

  #finishRound(
    held: ReadonlyMap<string, WorkSet>,
    next: ReadonlyMap<string, WorkSet>,
    revoked: ReadonlyMap<string, WorkSet>,
    lost: WorkSet,
    deleted: WorkSet,
  ): IncrementalShares {
    const assigned = new Map<string, Work>()
    const total = new WorkSet()
    const allRevoked = new WorkSet()
    for (const [id, work] of next) {
      assigned.set(
        id,
        work
          .minus(held.get(id) ?? new WorkSet())
          .minus(deleted)
          .toWork(),
      )
      total.add(work)
    }
    for (const work of revoked.values()) allRevoked.add(work)
    this.#previous = total.minus(allRevoked).add(lost)
    this.#previousRevocation = allRevoked
    return {
      assigned,
      revoked: new Map([...revoked].map(([id, work]) => [id, work.toWork()])),
      delay: this.#delay,
    }
  }

  #resetDelay(): void {
    this.#candidates.clear()
    this.#absent.clear()
    this.#scheduledAt = 0
    this.#delay = 0
  }

  /** 40 ms, 1.6 s, 64 s … up to the longest delay. */
  #backoff(): number {
    return this.#maxDelay === 0 ? 0 : Math.min(BACKOFF_FACTOR ** this.#revokingRounds, this.#maxDelay)
  }
}

/** Connectors and tasks claimed by more than one worker. */
function duplicates(held: ReadonlyMap<string, WorkSet>): WorkSet {
  const seen = new WorkSet()
  const twice = new WorkSet()
  for (const work of held.values()) {
    twice.add(work.and(seen))
    seen.add(work)
  }
  return twice
}

/** Connectors and tasks of each worker beyond its share. */
function surplusOf(next: ReadonlyMap<string, WorkSet>, all: WorkSet): Map<string, WorkSet> {
  const surplus = new Map([...next.keys()].map((id) => [id, new WorkSet()]))
  if ([...next.values()].every((work) => work.isEmpty)) return surplus
  for (const kind of ['connectors', 'tasks'] as const) {
    const workers = next.size
    const share = Math.floor(all[kind].size / workers)
    let mayHaveOneMore = all[kind].size % workers
    for (const [id, work] of next) {
      const count = work[kind].size
      if (count <= share) continue
      if (mayHaveOneMore > 0 && count >= share + 1) {
        mayHaveOneMore--
        take(work, kind, count - share - 1, surplus.get(id))
      } else take(work, kind, count - share, surplus.get(id))
    }
  }
  return surplus
}

function take(work: WorkSet, kind: 'connectors' | 'tasks', count: number, into: WorkSet | undefined): void {
  if (kind === 'connectors') into?.add({ connectors: [...work.connectors].slice(0, count), tasks: [] })
  else into?.add({ connectors: [], tasks: [...work.tasks.values()].slice(0, count) })
}

/** Assigns open work to the least loaded worker, connectors and tasks separately. */
function assignToLeastLoaded(open: WorkSet, next: ReadonlyMap<string, WorkSet>): void {
  for (const name of [...open.connectors].toSorted()) {
    leastLoaded(next, (work) => work.connectors.size)?.connectors.add(name)
  }
  for (const id of [...open.tasks.values()].toSorted(byTask)) {
    leastLoaded(next, (work) => work.tasks.size)?.add({ connectors: [], tasks: [id] })
  }
}

function leastLoaded(
  next: ReadonlyMap<string, WorkSet>,
  load: (work: WorkSet) => number,
): WorkSet | undefined {
  let least: WorkSet | undefined
  for (const [, work] of [...next].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (least === undefined || load(work) < load(least)) least = work
  }
  return least
}

/** Assigns work to workers round-robin. */
function assignRoundRobin(
  work: WorkSet,
  workers: readonly string[],
  next: ReadonlyMap<string, WorkSet>,
): void {
  let turn = 0
  const target = () => next.get(workers[turn++ % workers.length] ?? '')
  for (const name of work.connectors) target()?.connectors.add(name)
  turn = 0
  const tasks: readonly TaskId[] = [...work.tasks.values()]
  for (const id of tasks) target()?.add({ connectors: [], tasks: [id] })
}
