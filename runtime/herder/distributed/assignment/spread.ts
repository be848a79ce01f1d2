import type { Candidates } from './eligible-workers.ts'
import { isBefore, type Item } from './work.ts'

/** What a worker has of the items that the same workers may run. */
interface Share {
  /** Items that run on the worker. */
  readonly held: Item[]
  /** Items that no worker runs yet. */
  readonly open: Item[]
}

interface Load {
  count: number
  /** By the workers that may run the items. */
  readonly shares: Map<readonly string[], Share>
}

/** Where the items of one kind should run. Workers are member IDs. */
export interface Spread {
  /** Items to start, by worker. */
  readonly placed: ReadonlyMap<string, readonly Item[]>
  /** Items that should move to another worker, by the worker that runs them. */
  readonly surplus: ReadonlyMap<string, readonly Item[]>
  /** Items that no worker may run. */
  readonly unplaced: readonly Item[]
}

/**
 * Gives each open item to the worker with the fewest items among those that may run it. With `levels`, then moves items
 * between workers until no move brings two of them closer to each other: workers that may run the same items differ by at
 * most one. Open items move before those that run, and those that a worker got last before others: work that a restarted
 * worker had before returns to it.
 *
 * The result depends only on the arguments, not on their order.
 */
export function spread(
  held: ReadonlyMap<string, readonly Item[]>,
  open: readonly Item[],
  candidates: Candidates,
  levels: boolean,
): Spread {
  const loads = new Map<string, Load>()
  for (const [id, items] of [...held].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const load: Load = { count: 0, shares: new Map() }
    for (const item of items) add(load, candidates.of(item.connector), 'held', item)
    loads.set(id, load)
  }
  const unplaced: Item[] = []
  for (const item of mostConstrainedFirst(open, candidates)) {
    const may = candidates.of(item.connector)
    const least = leastLoaded(loads, may)
    if (least === undefined) unplaced.push(item)
    else add(least, may, 'open', item)
  }
  const surplus = new Map<string, Item[]>()
  while (levels && moveOne(loads, surplus)) {}
  return { placed: new Map([...loads].map(([id, load]) => [id, openItems(load)])), surplus, unplaced }
}

function add(load: Load, may: readonly string[], state: keyof Share, item: Item): void {
  const share: Share = load.shares.get(may) ?? { held: [], open: [] }
  load.shares.set(may, share)
  share[state].push(item)
  load.count++
}

/** An item that few workers may run would otherwise find them filled with items that could run elsewhere. */
function mostConstrainedFirst(open: readonly Item[], candidates: Candidates): Item[] {
  return open.toSorted(
    (a, b) =>
      candidates.of(a.connector).length - candidates.of(b.connector).length || (isBefore(a, b) ? -1 : 1),
  )
}

function leastLoaded(loads: ReadonlyMap<string, Load>, may: readonly string[]): Load | undefined {
  let least: Load | undefined
  for (const id of may) {
    const load = loads.get(id)
    if (load !== undefined && (least === undefined || load.count < least.count)) least = load
  }
  return least
}

/** Moves an item from the fullest worker that can give one away. Returns false when no move helps. */
function moveOne(loads: ReadonlyMap<string, Load>, surplus: Map<string, Item[]>): boolean {
  for (const [id, load] of [...loads].toSorted(([, a], [, b]) => b.count - a.count)) {
    const movable = [...load.shares].flatMap(([may, share]) => {
      const to = leastLoaded(loads, may)
      return to !== undefined && load.count - to.count > 1 ? [{ may, share, to }] : []
    })
    const found = movable.find(({ share }) => share.open.length > 0) ?? movable[0]
    if (found === undefined) continue
    const { may, share, to } = found
    const given = share.open.pop()
    const item = given ?? share.held.pop()
    if (item === undefined) continue
    if (share.held.length + share.open.length === 0) load.shares.delete(may)
    load.count--
    if (given !== undefined) add(to, may, 'open', given)
    else {
      // It runs until its worker has stopped it, so only its place is taken on the other worker
      to.count++
      surplus.set(id, [...(surplus.get(id) ?? []), item])
    }
    return true
  }
  return false
}

const openItems = ({ shares }: Load): Item[] => [...shares.values()].flatMap(({ open }) => open)
