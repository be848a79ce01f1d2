import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkSet } from '../work.ts'
import { Cluster, randomNumbers, workOf } from './cluster.ts'

const WORKERS = 3
const SEEDS = 200

/** How often each task has begun on another worker than before. A worker is known by its URL. */
class Moves {
  readonly #cluster: Cluster
  readonly #at = new Map<string, string>()
  readonly counts = new Map<string, number>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.note()
  }

  note(): void {
    for (const [id, work] of this.#cluster.workers) {
      const url = this.#cluster.urls.get(id) ?? id
      for (const task of work.tasks.keys()) {
        const before = this.#at.get(task) ?? url
        if (before !== url) this.counts.set(task, (this.counts.get(task) ?? 0) + 1)
        this.#at.set(task, url)
      }
    }
  }
}

/** A balanced cluster with random connectors, created one after the other, and a random leader. */
function randomCluster(seed: number): { cluster: Cluster; random: (limit: number) => number } {
  const random = randomNumbers(seed)
  const names = Array.from({ length: 1 + random(12) }, (_, index) => `c${index}`)
  const tasks = names.map((name) => [name, 1 + random(4)] as const)
  const cluster = new Cluster(
    workOf({}),
    Array.from({ length: WORKERS }, (_, index) => `w${index}`),
  )
  cluster.leader = `w${random(WORKERS)}`
  for (const index of tasks.keys()) {
    cluster.configured = workOf(Object.fromEntries(tasks.slice(0, index + 1)))
    cluster.settle()
  }
  return { cluster, random }
}

/** Stops each worker and starts it again, with `urlOf` as its new URL. */
function restartAll(
  seed: number,
  inOrder: boolean,
  urlOf: (id: string) => string,
): ReadonlyMap<string, number> {
  const { cluster, random } = randomCluster(seed)
  cluster.leavesInOrder = inOrder
  const moves = new Moves(cluster)
  const ids = Array.from(cluster.workers.keys())
  for (const id of ids) {
    cluster.workers.delete(id)
    const others = [...cluster.workers.keys()]
    const led = cluster.leader === id
    if (led) cluster.leader = others[random(others.length)] ?? ''
    cluster.rebalance()
    moves.note()
    if (inOrder)
      assert.deepEqual([cluster.delay, cluster.missing], [0, ''], 'the others have all of the work')
    const restarted = `${id}-again`
    cluster.urls.set(restarted, urlOf(id))
    cluster.workers.set(restarted, new WorkSet())
    for (let again = true; again; cluster.now += cluster.delay) {
      again = cluster.rebalance() || cluster.delay > 0
      moves.note()
    }
    cluster.assertComplete()
  }
  return moves.counts
}

const most = (moves: ReadonlyMap<string, number>): number => Math.max(0, ...moves.values())

for (const inOrder of [true, false]) {
  const how = inOrder ? 'if workers stop their work before they leave' : 'if workers are killed'
  test(`a rolling restart moves each task at most twice, whoever leads, ${how}`, () => {
    for (let seed = 1; seed <= SEEDS; seed++)
      assert.ok(most(restartAll(seed, inOrder, (id) => id)) <= 2, `seed ${seed}`)
  })
}

test('workers that return with other URLs take the places of those that left', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const moves = restartAll(seed, true, (id) => `${id}-elsewhere`)
    // Counted by URL, so the return to the replacement of a worker is a move too
    assert.ok(most(moves) <= 2, `seed ${seed}`)
  }
})
