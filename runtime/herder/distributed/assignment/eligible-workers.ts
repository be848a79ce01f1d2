/**
 * Returns the members that may run a connector and its tasks; undefined if all may. Called with each connector of a
 * round, so the same set should be returned for connectors with the same requirements.
 */
export type EligibleWorkers = (connector: string) => ReadonlySet<string> | undefined

/** Every member may run everything. */
export const everyWorker: EligibleWorkers = () => undefined

/** The members of one round that may run each connector, in the order of their IDs. */
export class Candidates {
  readonly #all: readonly string[]
  readonly #eligible: EligibleWorkers
  readonly #bySet = new Map<ReadonlySet<string>, readonly string[]>()

  constructor(workers: Iterable<string>, eligible: EligibleWorkers) {
    this.#all = [...workers].toSorted()
    this.#eligible = eligible
  }

  /** Connectors with the same requirements get the same array. */
  of(connector: string): readonly string[] {
    const set = this.#eligible(connector)
    if (set === undefined) return this.#all
    const known = this.#bySet.get(set)
    if (known !== undefined) return known
    const found = this.#all.filter((id) => set.has(id))
    this.#bySet.set(set, found)
    return found
  }

  allow(connector: string, worker: string): boolean {
    return this.#eligible(connector)?.has(worker) ?? true
  }
}
