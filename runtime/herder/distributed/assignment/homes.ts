import { itemKey, type Item, type WorkSet } from './work.ts'

type Urls = ReadonlyMap<string, string>
/** By member ID. */
type Shares = ReadonlyMap<string, readonly Item[]>

/**
 * The home of each connector and task, as the REST URL of a worker: where it was last placed while that worker was a member.
 * What runs elsewhere after its worker has left returns to it, so that a rolling restart moves a task at most twice.
 */
export class Homes {
  readonly #urls = new Map<string, string>()

  /**
   * This worker leads for the first time, or may have missed a rebalance. What runs is at home. The home of the rest is
   * unknown: its worker has left, and may return.
   */
  begin(held: ReadonlyMap<string, WorkSet>, urls: Urls): void {
    this.#urls.clear()
    this.move(itemsOf(held), urls)
  }

  /** Gives each new worker the items whose home has left, or is unknown: it replaces that worker. */
  replace(configured: WorkSet, urls: Urls, previousUrls: Urls): void {
    const before = new Set([...previousUrls.values(), ...this.#urls.values()])
    const newcomers = [...urls.values()].filter((url) => !before.has(url))
    if (newcomers.length === 0) return
    const isPresent = this.#presence(urls)
    const homeless = new Map<string | undefined, Item[]>()
    for (const item of configured.items()) {
      if (isPresent(item) === true) continue
      const home = this.#of(item)
      const others = homeless.get(home)
      if (others === undefined) homeless.set(home, [item])
      else others.push(item)
    }
    for (const items of homeless.values()) {
      const newcomer = newcomers.shift()
      if (newcomer === undefined) return
      for (const item of items) this.#urls.set(itemKey(item), newcomer)
    }
  }

  /** Returns the member that an item belongs to; undefined if it is none of them. */
  among(urls: Urls): (item: Item) => string | undefined {
    const ids = new Map([...urls].map(([id, url]) => [url, id]))
    return (item) => {
      const url = this.#of(item)
      return url === undefined ? undefined : ids.get(url)
    }
  }

  /** Items stay where they run, unless their home has left or is unknown. */
  stay(held: ReadonlyMap<string, WorkSet>, urls: Urls): void {
    const isPresent = this.#presence(urls)
    this.move(itemsOf(held), urls, (item) => isPresent(item) ?? false)
  }

  /** Items are placed on workers, for good unless their home has left. */
  place(placed: Shares, urls: Urls): void {
    const isPresent = this.#presence(urls)
    this.move(placed, urls, (item) => isPresent(item) ?? true)
  }

  /** Items belong to these workers from now on, if they are `chosen`. */
  move(shares: Shares, urls: Urls, chosen: (item: Item) => boolean = () => true): void {
    for (const [id, items] of shares)
      for (const item of items) if (chosen(item)) this.#urls.set(itemKey(item), urls.get(id) ?? '')
  }

  /** Forgets items that no longer exist. */
  forget(deleted: WorkSet): void {
    for (const item of deleted.items()) this.#urls.delete(itemKey(item))
  }

  #of(item: Item): string | undefined {
    return this.#urls.get(itemKey(item))
  }

  /** Returns whether the home of an item is a member; undefined if its home is unknown. */
  #presence(urls: Urls): (item: Item) => boolean | undefined {
    const present = new Set(urls.values())
    return (item) => {
      const home = this.#of(item)
      return home === undefined ? undefined : present.has(home)
    }
  }
}

const itemsOf = (held: ReadonlyMap<string, WorkSet>): Shares =>
  new Map([...held].map(([id, work]) => [id, work.items()]))
