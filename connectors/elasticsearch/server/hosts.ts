/** Time for which a host that failed is avoided: doubled with each failure in a row, up to the limit. */
const FIRST_AVOID_MS = 1000
const LONGEST_AVOID_MS = 60_000

/** A host of the cluster, and what sends requests to it. */
export interface Host<T> {
  readonly url: string
  readonly client: T
}

interface State<T> extends Host<T> {
  failures: number
  /** 0 unless it has failed. */
  avoidUntil: number
}

/**
 * Chooses the hosts of requests: in turn, without those that have failed lately.
 *
 * Differs: Elastic's client for Java avoids a host for one to thirty minutes. A node restarts faster than that.
 */
export class Hosts<T> {
  readonly #hosts: readonly State<T>[]
  readonly #now: () => number
  #turn = 0

  constructor(hosts: readonly Host<T>[], now: () => number = () => performance.now()) {
    this.#hosts = hosts.map((host) => ({ ...host, failures: 0, avoidUntil: 0 }))
    this.#now = now
  }

  /**
   * Returns all hosts in the order in which a request should try them: one whose time has come, to see whether it is back,
   * then those that respond, then the others by the end of their time.
   */
  inOrder(): Host<T>[] {
    const now = this.#now()
    const start = this.#turn++ % this.#hosts.length
    const turned = [...this.#hosts.slice(start), ...this.#hosts.slice(0, start)]
    const failed = turned.filter(({ failures }) => failures > 0)
    const back = failed.find(({ avoidUntil }) => avoidUntil <= now)
    // other requests must not wait for it too if it is still away
    if (back !== undefined) back.avoidUntil = now + avoidMs(back)
    const later = failed
      .filter((host) => host !== back)
      .toSorted((one, other) => one.avoidUntil - other.avoidUntil)
    return [
      ...(back === undefined ? [] : [back]),
      ...turned.filter(({ failures }) => failures === 0),
      ...later,
    ]
  }

  get size(): number {
    return this.#hosts.length
  }

  /** Returns whether it had failed before. */
  responded(host: Host<T>): boolean {
    const state = host as State<T>
    const changed = state.failures > 0
    state.failures = 0
    state.avoidUntil = 0
    return changed
  }

  /** Returns whether it had responded before. */
  failed(host: Host<T>): boolean {
    const state = host as State<T>
    state.failures++
    state.avoidUntil = this.#now() + avoidMs(state)
    return state.failures === 1
  }
}

const avoidMs = ({ failures }: { readonly failures: number }): number =>
  Math.min(LONGEST_AVOID_MS, FIRST_AVOID_MS * 2 ** (failures - 1))
