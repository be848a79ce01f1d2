import type { Candidates } from './eligible-workers.ts'
import { isBefore, type Item } from './work.ts'

/** Where the items of one kind should run. Workers are member IDs. */
export interface Spread {
  /** Items to start, by worker. */
  readonly placed: ReadonlyMap<string, readonly Item[]>
  /** Items that should move to another worker, by the worker that runs them. */
  readonly surplus: ReadonlyMap<string, readonly Item[]>
  /** The same items, by the worker that should run them. */
  readonly destined: ReadonlyMap<string, readonly Item[]>
  /** Items that no worker may run. */
  readonly unplaced: readonly Item[]
}

/** Returns the member that an item belongs to; undefined if it is none of the group. */
export type HomeOf = (item: Item) => string | undefined

/**
 * Gives each open item to the worker with the fewest items among those that may run it; if several have as few, to its
 * home. With `levels`, then moves items if workers that may run the same ones differ by more than one: all items to their
 * homes if that levels the workers, otherwise single ones, until no move brings two workers closer to each other. Open items
 * move before those that run, those that are not at home before others, and those that a worker got last before the rest.
 *
 * The result depends only on the arguments, not on their order.
 */
export function spread(
  held: ReadonlyMap<string, readonly Item[]>,
  open: readonly Item[],
  candidates: Candidates,
  levels: boolean,
  home: HomeOf = () => undefined,
): Spread {
  const loads = new Loads(held, open, candidates, home)
  if (!levels || loads.areLevel) return loads
  const atHome = new Loads(held, open, candidates, home)
  atHome.sendHome()
  if (atHome.areLevel) return atHome
  while (loads.moveOne()) {}
  return loads
}

/** What a worker has of the items that the same workers may run. */
interface Share {
  /** Items that run on the worker. */
  readonly held: Item[]
  /** Items that no worker runs yet. */
  readonly open: Item[]
  /** Items that still run on another worker. */
  readonly due: Item[]
}

interface Load {
  readonly id: string
  count: number
  /** By the workers that may run the items. */
  readonly shares: Map<readonly string[], Share>
}

/** The items of each worker while they are spread. */
class Loads implements Spread {
  readonly surplus = new Map<string, Item[]>()
  readonly destined = new Map<string, Item[]>()
  readonly unplaced: Item[] = []
  readonly #loads = new Map<string, Load>()
  readonly #candidates: Candidates
  readonly #home: HomeOf

  constructor(
    held: ReadonlyMap<string, readonly Item[]>,
    open: readonly Item[],
    candidates: Candidates,
    home: HomeOf,
  ) {
    this.#candidates = candidates
    this.#home = home
    for (const [id, items] of [...held].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const load: Load = { id, count: 0, shares: new Map() }
      for (const item of items) add(load, candidates.of(item.connector), 'held', item)
      this.#loads.set(id, load)
    }
    for (const item of this.#mostConstrainedFirst(open)) this.#place(item)
  }

  get placed(): ReadonlyMap<string, readonly Item[]> {
    return new Map([...this.#loads].map(([id, { shares }]) => [id, [...shares.values()].flatMap(openOf)]))
  }

  /** Whether no move brings two workers closer to each other. */
  get areLevel(): boolean {
    return [...this.#loads.values()].every((load) => this.#movable(load).length === 0)
  }

  /** Moves each item to its home, if that may run it. */
  sendHome(): void {
    for (const load of this.#loads.values()) {
      for (const [may, share] of load.shares) {
        for (const state of ['open', 'held'] as const) {
          for (const item of share[state].filter((each) => this.#leaves(each, load.id, may)))
            this.#move(load, may, state, item, this.#homeOf(item) ?? load)
        }
      }
    }
  }

  /** Moves an item from the fullest worker that can give one away. Returns false when no move helps. */
  moveOne(): boolean {
    for (const load of [...this.#loads.values()].toSorted((a, b) => b.count - a.count)) {
      const movable = this.#movable(load)
      const found =
        movable.find(({ share }) => share.open.length > 0) ??
        movable.find(({ share }) => share.held.length > 0)
      if (found === undefined) continue
      const { may, share, to } = found
      const state = share.open.length > 0 ? 'open' : 'held'
      const item = this.#nextOf(share[state], load.id, to.id)
      if (item === undefined) continue
      this.#move(load, may, state, item, to)
      return true
    }
    return false
  }

  #place(item: Item): void {
    const may = this.#candidates.of(item.connector)
    const least = this.#leastLoaded(may)
    const home = this.#homeOf(item)
    if (least === undefined) this.unplaced.push(item)
    else add(home?.count === least.count && may.includes(home.id) ? home : least, may, 'open', item)
  }

  /** Each share that the worker can give an item of, with the worker that should get it. */
  #movable(load: Load) {
    return [...load.shares].flatMap(([may, share]) => {
      const to = this.#leastLoaded(may)
      return to !== undefined && load.count - to.count > 1 ? [{ may, share, to }] : []
    })
  }

  #nextOf(items: readonly Item[], from: string, to: string): Item | undefined {
    return (
      items.findLast((item) => this.#home(item) === to) ??
      items.findLast((item) => this.#home(item) !== from) ??
      items.at(-1)
    )
  }

  #move(from: Load, may: readonly string[], state: keyof Share, item: Item, to: Load): void {
    const share = from.shares.get(may)
    if (share === undefined) return
    share[state].splice(share[state].lastIndexOf(item), 1)
    if (share.held.length + share.open.length + share.due.length === 0) from.shares.delete(may)
    from.count--
    if (state === 'open') return add(to, may, 'open', item)
    // It runs until its worker has stopped it, so only its place is taken on the other worker
    add(to, may, 'due', item)
    append(this.surplus, from.id, item)
    append(this.destined, to.id, item)
  }

  #homeOf(item: Item): Load | undefined {
    return this.#loads.get(this.#home(item) ?? '')
  }

  #leaves(item: Item, worker: string, may: readonly string[]): boolean {
    const home = this.#homeOf(item)
    return home !== undefined && home.id !== worker && may.includes(home.id)
  }

  #leastLoaded(may: readonly string[]): Load | undefined {
    let least: Load | undefined
    for (const id of may) {
      const load = this.#loads.get(id)
      if (load !== undefined && (least === undefined || load.count < least.count)) least = load
    }
    return least
  }

  /** An item that few workers may run would otherwise find them filled with items that could run elsewhere. */
  #mostConstrainedFirst(open: readonly Item[]): Item[] {
    const workers = ({ connector }: Item) => this.#candidates.of(connector).length
    return open.toSorted((a, b) => workers(a) - workers(b) || (isBefore(a, b) ? -1 : 1))
  }
}

const openOf = ({ open }: Share): Item[] => open

function add(load: Load, may: readonly string[], state: keyof Share, item: Item): void {
  const share: Share = load.shares.get(may) ?? { held: [], open: [], due: [] }
  load.shares.set(may, share)
  share[state].push(item)
  load.count++
}

function append(items: Map<string, Item[]>, id: string, item: Item): void {
  items.set(id, [...(items.get(id) ?? []), item])
}
