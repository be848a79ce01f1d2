import { itemKey, type Item, type WorkSet } from './work.ts'

type Urls = ReadonlyMap<string, string>

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
    for (const [id, work] of held) this.#set(work.items(), urls.get(id) ?? '')
  }

  /** Gives each new worker the items whose home has left, or is unknown: it replaces that worker. */
  replace(configured: WorkSet, urls: Urls, previousUrls: Urls): void {
    const before = new Set([...previousUrls.values(), ...this.#urls.values()])
    const newcomers = [...urls.values()].filter((url) => !before.has(url))
    if (newcomers.length === 0) return
    const present = new Set(urls.values())
    const homeless = new Map<string | undefined, Item[]>()
    for (const item of configured.items()) {
      const home = this.#urls.get(itemKey(item))
      if (home !== undefined && present.has(home)) continue
      const others = homeless.get(home)
      if (others === undefined) homeless.set(home, [item])
      else others.push(item)
    }
    for (const items of homeless.values()) {
      const newcomer = newcomers.shift()
      if (newcomer === undefined) return
      this.#set(items, newcomer)
    }
  }

  /** Returns the member that an item belongs to; undefined if it is none of them. */
  among(urls: Urls): (item: Item) => string | undefined {
    const ids = new Map([...urls].map(([id, url]) => [url, id]))
    return (item) => {
      const url = this.#urls.get(itemKey(item))
      return url === undefined ? undefined : ids.get(url)
    }
  }

  /** Items stay where they run, unless their home has left or is unknown. */
  stay(held: ReadonlyMap<string, WorkSet>, urls: Urls): void {
    const present = new Set(urls.values())
    for (const [id, work] of held)
      this.#set(
        work.items().filter((item) => this.#isIn(present, item, false)),
        urls.get(id) ?? '',
      )
  }

  /** Items are placed on workers, for good unless their home has left. */
  place(placed: ReadonlyMap<string, readonly Item[]>, urls: Urls): void {
    const present = new Set(urls.values())
    for (const [id, items] of placed)
      this.#set(
        items.filter((item) => this.#isIn(present, item, true)),
        urls.get(id) ?? '',
      )
  }

  /** Items will move to workers once they are stopped. */
  move(destined: ReadonlyMap<string, readonly Item[]>, urls: Urls): void {
    for (const [id, items] of destined) this.#set(items, urls.get(id) ?? '')
  }

  /** Forgets items that no longer exist. */
  forget(deleted: WorkSet): void {
    for (const item of deleted.items()) this.#urls.delete(itemKey(item))
  }

  #isIn(workers: ReadonlySet<string>, item: Item, ifUnknown: boolean): boolean {
    const home = this.#urls.get(itemKey(item))
    return home === undefined ? ifUnknown : workers.has(home)
  }

  #set(items: readonly Item[], url: string): void {
    for (const item of items) this.#urls.set(itemKey(item), url)
  }
}
