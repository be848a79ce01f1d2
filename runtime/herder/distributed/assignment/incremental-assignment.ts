import { Candidates, everyWorker, type EligibleWorkers } from './eligible-workers.ts'
import { Homes } from './homes.ts'
import { spread, type Spread } from './spread.ts'
import { WorkSet, type Item, type Work } from './work.ts'

/** Additional assignments and revocations of each worker, and the delay until the next rebalance. */
export interface IncrementalShares {
  readonly assigned: ReadonlyMap<string, Work>
  readonly revoked: ReadonlyMap<string, Work>
  readonly delay: number
  /** What no member may run. */
  readonly unplaced: Work
}

const kinds = ['connectors', 'tasks'] as const

const BACKOFF_FACTOR = 40

/** A rebalance as the leader sees it. */
export interface Round {
  readonly generation: number
  /** The last generation that the leader completed. */
  readonly completed: number
  /** REST URL of each member. */
  readonly urls: ReadonlyMap<string, string>
  /** By default, every member may run everything. */
  readonly eligible?: EligibleWorkers
  /** Whether a worker that is no longer a member has stopped the connector or task before it left. By default, none has. */
  readonly hasStopped?: (item: Item) => boolean
}

/**
 * Balances work with as few moves as possible. Workers keep their assignments; work that moves is revoked
 * first and assigned in the next rebalance; the work of a lost worker is held back for a delay in case the
 * worker returns.
 *
 * Keeps state between rebalances, as the leader does. Source: IncrementalCooperativeAssignor (KIP-415).
 * Differs: what a worker stopped before it left is assigned to others at once, and returns to it, or to the worker that
 * replaces it. A member that joins with the URL of a lost worker counts as that worker, restarted, and the delay
 * ends; Java waits for the whole delay. Work goes only to members that may run it, and is revoked from others; work that
 * no member may run is left out until one joins that may.
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
  readonly #homes = new Homes()

  constructor(maxDelayMs: number, now: () => number = Date.now) {
    this.#maxDelay = maxDelayMs
    this.#now = now
  }

  /**
   * `holdings` are the current assignments by member. When the completed generation is not that of the last
   * round, the result of that round may not have taken effect.
   */
  assign(holdings: ReadonlyMap<string, Work>, configured: Work, round: Round): IncrementalShares {
    const { generation, completed, urls, eligible = everyWorker, hasStopped = () => false } = round
    const begins = this.#previousGeneration !== completed || this.#previousUrls.size === 0
    if (begins) this.#previous = new WorkSet()
    const candidates = new Candidates(holdings.keys(), eligible)
    const all = new WorkSet(configured)
    const held = new Map([...holdings].map(([id, work]) => [id, new WorkSet(work)]))
    const active = [...held.values()].reduce((sum, work) => sum.add(work), new WorkSet())
    if (!this.#previousRevocation.and(active).isEmpty) this.#previous = active.copy()
    this.#previousRevocation = new WorkSet()

    const deleted = this.#previous.minus(all)
    const absent = this.#previous.minus(active).minus(deleted)
    const handedOver = new WorkSet().addItems(absent.items().filter(hasStopped))
    const lost = absent.minus(handedOver)
    const open = all.minus(this.#previous).minus(active).add(handedOver)
    const unwanted = new WorkSet().add(deleted).add(duplicates(held))
    const revoked = new Map(
      [...held].map(([id, work]) => {
        const misplaced = work.ofConnectors((connector) => !candidates.allow(connector, id))
        return [id, work.and(unwanted).add(misplaced)]
      }),
    )
    const next = new Map([...held].map(([id, work]) => [id, work.minus(revoked.get(id) ?? new WorkSet())]))

    if (begins) this.#homes.begin(next, urls)
    else this.#homes.replace(all, urls, this.#previousUrls)
    this.#placeLost(lost, open, next, urls, candidates)
    const home = this.#homes.among(urls)
    const parts = kinds.map((kind) =>
      spread(itemsBy(next, kind), open.items(kind), candidates, this.#delay === 0, home),
    )
    if (this.#delay === 0) this.#level(parts, next, revoked, urls)
    if (this.#delay !== 0) this.#revokedInPrevious = false
    for (const { placed } of parts) {
      for (const [id, items] of placed) next.get(id)?.addItems(items)
      // What a new leader finds open may belong to a worker that will return
      if (!begins || active.isEmpty) this.#homes.place(placed, urls)
    }
    this.#homes.forget(deleted)
    this.#previousGeneration = generation
    this.#previousUrls = urls
    const unplaced = new WorkSet().addItems(parts.flatMap((part) => part.unplaced))
    return {
      ...this.#finishRound(held, next, revoked, lost.minus(open), deleted),
      unplaced: unplaced.toWork(),
    }
  }

  /** Decides whether the work of lost workers is reassigned now, given to new workers, or held back. */
  #placeLost(
    lost: WorkSet,
    open: WorkSet,
    next: Map<string, WorkSet>,
    urls: Round['urls'],
    candidates: Candidates,
  ): void {
    const now = this.#now()
    const haveReturned = this.#haveReturned(urls)
    if (lost.isEmpty && !this.#revokedInPrevious) return this.#resetDelay()
    const nobodyLeft = [...this.#previousUrls.keys()].every((id) => urls.has(id))
    if ((this.#scheduledAt <= 0 && (nobodyLeft || lost.isEmpty)) || this.#maxDelay === 0) {
      open.add(lost)
      return
    }
    if (haveReturned) {
      open.add(lost)
      this.#resetDelay()
      return
    }
    if (this.#absent.size === 0) {
      // Members have not got their last assignments; the delay is one of revocations, and does not concern these
      open.add(lost)
      if (now < this.#scheduledAt) this.#delay = this.#scheduledAt - now
      else this.#resetDelay()
      return
    }
    if (this.#scheduledAt > 0 && now >= this.#scheduledAt) {
      const ready = [...this.#candidates].filter((id) => next.has(id))
      open.add(assignRoundRobin(lost, ready, next, candidates))
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
  #level(
    parts: readonly Spread[],
    next: Map<string, WorkSet>,
    revoked: Map<string, WorkSet>,
    urls: Round['urls'],
  ): void {
    const surplus = parts.flatMap((part) => [...part.surplus])
    if (surplus.length === 0) {
      this.#homes.stay(next, urls)
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
    for (const [id, items] of surplus) {
      revoked.get(id)?.addItems(items)
      next.set(id, (next.get(id) ?? new WorkSet()).minus(new WorkSet().addItems(items)))
    }
    this.#homes.stay(next, urls)
    for (const { destined } of parts) this.#homes.move(destined, urls)
    this.#revokedInPrevious = true
  }

  #finishRound(
    held: ReadonlyMap<string, WorkSet>,
    next: ReadonlyMap<string, WorkSet>,
    revoked: ReadonlyMap<string, WorkSet>,
    heldBack: WorkSet,
    deleted: WorkSet,
  ): Omit<IncrementalShares, 'unplaced'> {
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
    this.#previous = total.minus(allRevoked).add(heldBack)
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

function itemsBy(next: ReadonlyMap<string, WorkSet>, kind: (typeof kinds)[number]): Map<string, Item[]> {
  return new Map([...next].map(([id, work]) => [id, work.items(kind)]))
}

/** Assigns work round-robin to those workers that may run it. Returns what none of them may run. */
function assignRoundRobin(
  work: WorkSet,
  workers: readonly string[],
  next: ReadonlyMap<string, WorkSet>,
  candidates: Candidates,
): WorkSet {
  const rest = new WorkSet()
  for (const kind of kinds) {
    let turn = 0
    for (const item of work.items(kind)) {
      const fit = workers.map((_, place) => workers[(turn + place) % workers.length] ?? '')
      const place = fit.findIndex((id) => candidates.allow(item.connector, id))
      const target = next.get(fit[place] ?? '') ?? rest
      target.addItems([item])
      turn += Math.max(0, place) + (place < 0 ? 0 : 1)
    }
  }
  return rest
}
