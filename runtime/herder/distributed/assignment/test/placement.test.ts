import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assignEagerly } from '../eager-assignment.ts'
import { WorkSet } from '../work.ts'
import { Cluster, MAX_DELAY_MS, randomNumbers, text, workOf } from './cluster.ts'

/** Workers whose names start with a letter of the connector's name may run it; `any` runs anywhere. */
function byZone(cluster: Cluster): void {
  const sets = new Map<string, ReadonlySet<string>>()
  const seen = [...cluster.workers.keys()]
  cluster.eligible = (connector) => {
    if (connector.startsWith('any')) return undefined
    const letters = connector.replaceAll(/\d/g, '')
    const set = sets.get(letters) ?? new Set(seen.filter((id) => letters.includes(id[0] ?? '')))
    sets.set(letters, set)
    return set
  }
}

/** A settled cluster. */
function open(connectors: Readonly<Record<string, number>>, workers: readonly string[], maxDelayMs?: number) {
  const cluster = new Cluster(workOf(connectors), workers, maxDelayMs)
  byZone(cluster)
  cluster.settle()
  return cluster
}

const joins = (cluster: Cluster, id: string) => {
  cluster.workers.set(id, new WorkSet())
  byZone(cluster)
}
const leaves = (cluster: Cluster, id: string) => {
  cluster.workers.delete(id)
  byZone(cluster)
}

test('a connector and its tasks run only on workers that may run them, evenly', () => {
  const cluster = open({ a: 4, b: 2 }, ['a1', 'a2', 'b1'])

  assert.deepEqual(cluster.texts(), { a1: 'a a-0 a-2', a2: 'a-1 a-3', b1: 'b b-0 b-1' })
})

test('work that no worker may run is left out until a worker joins that may, which gets it at once', () => {
  const cluster = open({ a: 1, c: 1 }, ['a1'])
  assert.equal(cluster.unplaced, 'c c-0')
  assert.equal(cluster.delay, 0)
  joins(cluster, 'c1')
  cluster.rebalance()

  assert.equal(cluster.texts()['c1'], 'c c-0')
  assert.equal(cluster.unplaced, '')
})

test('work is revoked from a worker that may no longer run it, and assigned to one that may in the next round', () => {
  const cluster = open({ any: 1 }, ['a1', 'b1'])
  cluster.eligible = () => new Set(['b1'])

  assert.equal(cluster.rebalance(), true)
  assert.equal(cluster.rebalance(), false)
  assert.deepEqual(cluster.texts(), { a1: '', b1: 'any any-0' })
})

test('work that no worker may run any more is revoked and stays unassigned', () => {
  const cluster = open({ any: 2 }, ['a1', 'a2'])
  cluster.eligible = () => new Set()
  cluster.settle()

  assert.deepEqual(cluster.texts(), { a1: '', a2: '' })
  assert.equal(cluster.unplaced, 'any any-0 any-1')
})

test('the work of a lost worker waits for the delay, and is then left out if no other may run it', () => {
  const cluster = open({ a: 1, b: 1 }, ['a1', 'b1'])
  leaves(cluster, 'b1')
  cluster.rebalance()
  assert.deepEqual([cluster.delay, cluster.unplaced], [MAX_DELAY_MS, ''])
  cluster.now += cluster.delay
  cluster.rebalance()
  assert.deepEqual([cluster.delay, cluster.unplaced], [0, 'b b-0'])
  cluster.rebalance()

  assert.deepEqual([cluster.delay, cluster.unplaced], [0, 'b b-0'])
})

test('after the delay, lost work goes to the new workers that may run it, else to others', () => {
  const cluster = open({ a: 2, b: 2 }, ['a1', 'a2', 'b1', 'b2'])
  leaves(cluster, 'a2')
  leaves(cluster, 'b2')
  cluster.rebalance()
  joins(cluster, 'b3')
  cluster.rebalance()
  cluster.now += cluster.delay
  cluster.rebalance()

  assert.deepEqual(cluster.texts(), { a1: 'a a-0 a-1', b1: 'b b-0', b3: 'b-1' })
})

test('balance is sought among the workers that may run an item: others may have more', () => {
  const cluster = open({ a: 6, b: 1 }, ['a1', 'b1'])
  joins(cluster, 'a2')
  assert.equal(cluster.rebalance(), true)
  cluster.settle()

  cluster.assertComplete()
  assert.equal(cluster.texts()['b1'], 'b b-0')
})

test('a worker is not revoked what it could not give to another', () => {
  const cluster = open({ a: 6 }, ['a1'])
  joins(cluster, 'b1')

  assert.equal(cluster.rebalance(), false)
})

test('the eager protocol passes over workers that may not run a connector', () => {
  const shares = assignEagerly(['1', '2', '3'], workOf({ a: 3, b: 1, c: 1 }), (name) =>
    name === 'a' ? new Set(['1', '3']) : name === 'c' ? new Set() : undefined,
  )

  const texts = Object.fromEntries([...shares].map(([id, work]) => [id, text(work)]))
  assert.deepEqual(texts, { 1: 'a a-1 b-0', 2: 'b', 3: 'a-0 a-2' })
})

test('after any history, each item runs once, only where it may, and evenly among workers that are alike', () => {
  for (let seed = 1; seed <= 80; seed++) {
    const random = randomNumbers(seed)
    const zones = ['a', 'b', 'c']
    const names = ['a', 'b', 'ab', 'bc', 'abc', 'any', 'd']
    const cluster = new Cluster(workOf({ a: 3, ab: 5, any: 4 }), ['a0'])
    for (let step = 1; step < 15; step++) {
      const [first = ''] = [...cluster.workers.keys()].slice(random(cluster.workers.size))
      if (random(3) > 0) cluster.workers.set(`${zones[random(3)]}${step}`, new WorkSet())
      else if (cluster.workers.size > 1) cluster.workers.delete(first)
      if (random(3) === 0)
        cluster.configured = workOf(
          Object.fromEntries(names.map((name) => [`${name}${random(2)}`, random(6)])),
        )
      byZone(cluster)
      cluster.rebalance(random(4) === 0 ? [first] : [])
      cluster.now += random(2 * MAX_DELAY_MS)
    }
    cluster.settle()
    cluster.assertComplete()
  }
})
