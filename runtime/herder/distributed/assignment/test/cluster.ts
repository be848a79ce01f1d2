import assert from 'node:assert/strict'
import { taskName } from '../../../../stores/index.ts'
import { everyWorker, type EligibleWorkers } from '../eligible-workers.ts'
import { IncrementalAssignor } from '../incremental-assignment.ts'
import { decodeMetadata, encodeMetadata, protocolVersions, type WorkerAssignment } from '../protocol.ts'
import { noWork, WorkSet, type Work } from '../work.ts'

export const MAX_DELAY_MS = 300_000

const noAssignment: WorkerAssignment = {
  error: 0,
  leader: '',
  leaderUrl: '',
  offset: 0,
  assigned: noWork,
  revoked: noWork,
  delay: 0,
}

/** Connectors by name, each with its number of tasks. */
export function workOf(connectors: Readonly<Record<string, number>>): Work {
  return {
    connectors: Object.keys(connectors),
    tasks: Object.entries(connectors).flatMap(([connector, count]) =>
      Array.from({ length: count }, (_, task) => ({ connector, task })),
    ),
  }
}

/** Connectors, then tasks: `a b a-0`. */
export const text = ({ connectors, tasks }: Work): string =>
  [...connectors.toSorted(), ...tasks.map(taskName).toSorted()].join(' ')

/** A cluster whose workers follow their assignments, unless the test says otherwise. */
export class Cluster {
  now = 1000
  delay = 0
  configured: Work
  readonly workers = new Map<string, WorkSet>()
  /** URLs of workers whose URL differs from their name. */
  readonly urls = new Map<string, string>()
  eligible: EligibleWorkers = everyWorker
  /** Whether workers stop their work before they leave. */
  leavesInOrder = false
  /** What no worker may run, as of the last rebalance. */
  unplaced = ''
  /** The worker that assigns work; another one begins without a memory of earlier rounds. */
  leader = ''
  readonly #maxDelayMs: number
  readonly #assignors = new Map<string, IncrementalAssignor>()
  #generation = 0
  #completed = 0

  constructor(configured: Work, workers: readonly string[], maxDelayMs = MAX_DELAY_MS) {
    this.configured = configured
    this.#maxDelayMs = maxDelayMs
    for (const id of workers) this.workers.set(id, new WorkSet())
  }

  /**
   * One rebalance; `deaf` workers miss its result. Returns true when work was revoked, so another one
   * follows.
   */
  rebalance(deaf: readonly string[] = []): boolean {
    const holdings = new Map([...this.workers].map(([id, work]) => [id, asSent(work)]))
    const generation = ++this.#generation
    const shares = this.#assignor().assign(holdings, this.configured, {
      generation,
      completed: this.#completed,
      urls: new Map([...this.workers.keys()].map((id) => [id, this.urls.get(id) ?? id])),
      eligible: this.eligible,
      hasStopped: () => this.leavesInOrder,
    })
    this.unplaced = text(shares.unplaced)
    this.#completed = generation
    this.delay = shares.delay
    let revoked = false
    for (const [id, work] of this.workers) {
      const up = shares.revoked.get(id) ?? { connectors: [], tasks: [] }
      if (up.connectors.length + up.tasks.length > 0) revoked = true
      this.#neverTwice(id, shares.assigned.get(id))
      if (deaf.includes(id)) continue
      this.workers.set(id, work.minus(new WorkSet(up)).add(shares.assigned.get(id) ?? new WorkSet()))
    }
    return revoked
  }

  /** Rebalances until nothing moves, and lets delays expire. */
  settle(): void {
    for (let round = 0; round < 12; round++) {
      const again = this.rebalance()
      if (!again && this.delay === 0) return
      this.now += this.delay
    }
    assert.fail('the cluster does not come to rest')
  }

  /** What is configured and runs nowhere. */
  get missing(): string {
    const held = [...this.workers.values()].reduce((sum, work) => sum.add(work), new WorkSet())
    return text(new WorkSet(this.configured).minus(held).toWork())
  }

  texts(): Record<string, string> {
    return Object.fromEntries([...this.workers].map(([id, work]) => [id, text(work.toWork())]))
  }

  /**
   * Asserts that one worker has each item that a worker may run, and that workers which may run the same items have
   * equally many of them, give or take one.
   */
  assertComplete(): void {
    const held = [...this.workers].flatMap(([id, work]) => {
      for (const { connector } of [...work.items('connectors'), ...work.items('tasks')])
        assert.ok(this.eligible(connector)?.has(id) ?? true, `${id} may not run ${connector}`)
      return [...work.connectors, ...work.tasks.keys()]
    })
    const all = new WorkSet(this.configured).ofConnectors((connector) => {
      const may = this.eligible(connector)
      return may === undefined || [...this.workers.keys()].some((id) => may.has(id))
    })
    assert.deepEqual(held.toSorted(), [...all.connectors, ...all.tasks.keys()].toSorted())
    for (const kind of ['connectors', 'tasks'] as const) {
      for (const alike of new Set([...this.workers.keys()].map((id) => this.#mayRun(id)))) {
        const group = [...this.workers].filter(([id]) => this.#mayRun(id) === alike)
        const sizes = group.map(([, work]) => work[kind].size)
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${kind} are not balanced: ${sizes.join()}`)
      }
    }
  }

  #assignor(): IncrementalAssignor {
    const known = this.#assignors.get(this.leader)
    if (known !== undefined) return known
    const assignor = new IncrementalAssignor(this.#maxDelayMs, () => this.now)
    this.#assignors.set(this.leader, assignor)
    return assignor
  }

  #mayRun(id: string): string {
    return this.configured.connectors.filter((name) => this.eligible(name)?.has(id) ?? true).join(' ')
  }

  /** Asserts that a worker is not assigned work that another worker still has. */
  #neverTwice(id: string, assigned: Work | undefined): void {
    for (const [other, work] of this.workers) {
      if (other !== id)
        assert.ok(new WorkSet(assigned).and(work).isEmpty, `${id} gets what ${other} still has`)
    }
  }
}

/** Work as the leader reads it from the metadata of its worker. */
function asSent(work: WorkSet): Work {
  const assigned = work.toWork()
  const allocation = { ...noAssignment, assigned }
  const bytes = encodeMetadata({ url: '', offset: 0, allocation }, protocolVersions.sessioned)
  return decodeMetadata(bytes).allocation?.assigned ?? noWork
}

/** Random numbers that are the same for the same seed: whole, from 0, below the limit. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
