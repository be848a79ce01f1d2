import { IncrementalAssignor } from '../../runtime/herder/distributed/assignment/incremental-assignment.ts'
import { WorkSet, type Work } from '../../runtime/herder/distributed/assignment/work.ts'
import { figure, markdownTable } from '../report.ts'
import { sizesOf } from './sizes.ts'

export interface AssignorOptions {
  readonly workers: number
  readonly tasks: number
}

const TASKS_PER_CONNECTOR = 20
const ZONES = 4
const MAX_DELAY_MS = 300_000
const MOST_ROUNDS = 50

/** What it took until the cluster was at rest again. */
interface Settling {
  readonly rounds: number
  /** The longest computation of an assignment, in milliseconds. */
  readonly longestMs: number
  /** Connectors and tasks that a worker had to stop. */
  readonly stopped: number
  /** Time that the assignor waited, in milliseconds. */
  readonly waitedMs: number
}

/** A cluster without a network: workers follow the assignments. A worker's zone is part of its name. */
class Simulation {
  readonly workers = new Map<string, WorkSet>()
  readonly configured: Work
  readonly #placed: boolean
  readonly #assignor = new IncrementalAssignor(MAX_DELAY_MS, () => this.#now)
  #now = 1
  #generation = 0

  constructor(workers: number, tasks: number, placed: boolean) {
    this.#placed = placed
    const connectors = Array.from({ length: tasks / TASKS_PER_CONNECTOR }, (_, index) => `connector-${index}`)
    this.configured = {
      connectors,
      tasks: connectors.flatMap((connector) =>
        Array.from({ length: TASKS_PER_CONNECTOR }, (_, task) => ({ connector, task })),
      ),
    }
    for (let index = 0; index < workers; index++) this.workers.set(`worker-${index}`, new WorkSet())
  }

  /** Rebalances until nothing moves. */
  settle(): Settling {
    let [longestMs, stopped, waitedMs] = [0, 0, 0]
    for (let rounds = 1; rounds <= MOST_ROUNDS; rounds++) {
      const { ms, revoked, delay } = this.#rebalance()
      longestMs = Math.max(longestMs, ms)
      stopped += revoked
      waitedMs += delay
      if (revoked === 0 && delay === 0) return { rounds, longestMs, stopped, waitedMs }
      this.#now += delay
    }
    throw new Error(`the cluster is not at rest after ${MOST_ROUNDS} rounds`)
  }

  #rebalance() {
    const holdings = new Map([...this.workers].map(([id, work]) => [id, work.toWork()]))
    const completed = this.#generation++
    const urls = new Map([...this.workers.keys()].map((id) => [id, id]))
    const eligible = this.#eligible()
    const start = performance.now()
    const shares = this.#assignor.assign(holdings, this.configured, {
      generation: this.#generation,
      completed,
      urls,
      eligible,
    })
    const ms = performance.now() - start
    let revoked = 0
    for (const [id, work] of this.workers) {
      const up = new WorkSet(shares.revoked.get(id))
      revoked += up.connectors.size + up.tasks.size
      this.workers.set(id, work.minus(up).add(shares.assigned.get(id) ?? new WorkSet()))
    }
    return { ms, revoked, delay: shares.delay }
  }

  /** With placement, a connector runs in one of the zones. */
  #eligible() {
    const zoneOf = (name: string) => Number(name.split('-')[1]) % ZONES
    const zones = Array.from(
      { length: ZONES },
      (_, zone) => new Set([...this.workers.keys()].filter((id) => zoneOf(id) === zone)),
    )
    return (connector: string) => (this.#placed ? zones[zoneOf(connector)] : undefined)
  }
}

const events: readonly (readonly [title: string, happen: (workers: Simulation['workers']) => void])[] = [
  ['all workers start', () => {}],
  ['a worker joins', (workers) => void workers.set(`worker-${workers.size}`, new WorkSet())],
  ['a worker is lost', (workers) => void workers.delete('worker-1')],
  ['ten workers are lost', (workers) => [10, 11, 12, 13, 14, 15, 16, 17, 18, 19].forEach((id) => workers.delete(`worker-${id}`))],
] // prettier-ignore

/** Simulates the rebalances of a large cluster, and measures its messages. */
export async function benchAssignor({ workers, tasks }: AssignorOptions): Promise<string> {
  const parts = [false, true].flatMap((placed) => {
    const cluster = new Simulation(workers, tasks, placed)
    const rows = events.map(([title, happen]) => {
      happen(cluster.workers)
      const { rounds, longestMs, stopped, waitedMs } = cluster.settle()
      return [title, String(rounds), figure(longestMs), String(stopped), figure(waitedMs / 1000)]
    })
    const heading = `${workers} workers, ${tasks} tasks, ${placed ? `connectors placed in ${ZONES} zones` : 'no placement'}`
    return [
      heading,
      markdownTable(['', 'rounds', 'longest, ms', 'stopped', 'held back, s'], rows),
      sizesText(cluster),
    ]
  })
  return parts.join('\n\n')
}

function sizesText(cluster: Simulation): string {
  const sizes = sizesOf(cluster.workers)
  const rows = Object.entries(sizes).map(([what, bytes]) => [what, figure(bytes / 1000)])
  return markdownTable(['message', 'kB'], rows)
}
