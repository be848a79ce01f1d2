import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkSet } from '../work.ts'
import { Cluster, MAX_DELAY_MS, randomNumbers, workOf } from './cluster.ts'

test('connectors and tasks are each distributed evenly', () => {
  const cluster = new Cluster(workOf({ a: 2, b: 2 }), ['1', '2'])

  assert.equal(cluster.rebalance(), false)
  assert.deepEqual(cluster.texts(), { 1: 'a a-0 b-0', 2: 'b a-1 b-1' })
})

test('a new worker gets its share in two rounds: work that moves is revoked first', () => {
  const cluster = new Cluster(workOf({ a: 3, b: 3 }), ['1'])
  cluster.settle()
  cluster.workers.set('2', new WorkSet())

  assert.equal(cluster.rebalance(), true)
  assert.equal(cluster.texts()['2'], '')
  cluster.settle()
  cluster.assertComplete()
})

test('work that need not move stays on its worker', () => {
  const cluster = new Cluster(workOf({ a: 4 }), ['1', '2'])
  cluster.settle()
  const before = cluster.texts()
  cluster.configured = workOf({ a: 4, b: 1 })
  cluster.settle()

  for (const [id, share] of Object.entries(cluster.texts())) {
    for (const item of (before[id] ?? '').split(' ')) assert.ok(share.split(' ').includes(item))
  }
})

test('deleted work is revoked', () => {
  const cluster = new Cluster(workOf({ a: 1, b: 1 }), ['1'])
  cluster.settle()
  cluster.configured = workOf({ b: 1 })

  assert.equal(cluster.rebalance(), true)
  assert.deepEqual(cluster.texts(), { 1: 'b b-0' })
})

test('the work of a lost worker waits for its return and is then assigned to it', () => {
  const cluster = new Cluster(workOf({ a: 2, b: 2 }), ['1', '2'])
  cluster.settle()
  const before = cluster.texts()
  cluster.workers.delete('2')
  cluster.rebalance()
  assert.equal(cluster.delay, MAX_DELAY_MS)
  assert.deepEqual(cluster.texts(), { 1: before['1'] })

  cluster.now += 1000
  cluster.workers.set('2 again', new WorkSet())
  cluster.rebalance()
  assert.equal(cluster.delay, MAX_DELAY_MS - 1000)
  cluster.now += cluster.delay
  cluster.rebalance()
  assert.deepEqual(cluster.texts(), { '1': before['1'], '2 again': before['2'] })
})

for (const comes of ['before it is given up', 'in the same round', 'later']) {
  test(`a lost worker that returns with the same URL, ${comes}, gets its work back immediately`, () => {
    const cluster = new Cluster(workOf({ a: 2, b: 2 }), ['1', '2'])
    cluster.urls.set('2 again', '2')
    cluster.settle()
    const before = cluster.texts()
    const restart = () => cluster.workers.set('2 again', new WorkSet())
    if (comes === 'before it is given up') {
      restart()
      cluster.rebalance(['1', '2', '2 again'])
    }
    cluster.workers.delete('2')
    if (comes === 'in the same round') restart()
    cluster.rebalance()
    if (comes === 'later') {
      assert.equal(cluster.delay, MAX_DELAY_MS)
      restart()
      cluster.rebalance()
    }

    assert.equal(cluster.delay, 0)
    cluster.settle()
    cluster.assertComplete()
    if (comes !== 'before it is given up') {
      assert.deepEqual(cluster.texts(), { '1': before['1'], '2 again': before['2'] })
    }
  })
}

test('the delay continues for a lost worker that has not returned, even if another one has', () => {
  const cluster = new Cluster(workOf({ a: 3, b: 3 }), ['1', '2', '3'])
  cluster.urls.set('2 again', '2')
  cluster.settle()
  cluster.workers.delete('2')
  cluster.workers.delete('3')
  cluster.rebalance()
  cluster.workers.set('2 again', new WorkSet())
  cluster.rebalance()

  assert.equal(cluster.delay, MAX_DELAY_MS)
})

test('the work of a lost worker is assigned to the others after the delay', () => {
  const cluster = new Cluster(workOf({ a: 2, b: 2 }), ['1', '2'])
  cluster.settle()
  cluster.workers.delete('2')
  cluster.settle()

  cluster.assertComplete()
})

test('without a delay, lost work is reassigned immediately', () => {
  const cluster = new Cluster(workOf({ a: 2, b: 2 }), ['1', '2'], 0)
  cluster.settle()
  cluster.workers.delete('2')
  cluster.rebalance()

  assert.equal(cluster.delay, 0)
  cluster.assertComplete()
})

test('work whose assignment was lost is reassigned immediately if no worker has left', () => {
  const cluster = new Cluster(workOf({ a: 2 }), ['1', '2'])
  cluster.rebalance(['2'])
  cluster.rebalance()

  assert.equal(cluster.delay, 0)
  cluster.assertComplete()
})

test('work that two workers claim is revoked from both and reassigned in the next round', () => {
  const cluster = new Cluster(workOf({ a: 1 }), ['1', '2', '3'])
  cluster.settle()
  const duplicated = new WorkSet(workOf({ a: 1 }))
  cluster.workers.set('1', duplicated.copy())
  cluster.workers.set('2', duplicated.copy())
  cluster.workers.set('3', new WorkSet())

  assert.equal(cluster.rebalance(), true)
  assert.deepEqual(cluster.texts(), { 1: '', 2: '', 3: '' })
  cluster.settle()
  cluster.assertComplete()
})

test('consecutive revocations are delayed', () => {
  const cluster = new Cluster(workOf({ a: 12 }), ['1'])
  cluster.settle()
  cluster.workers.set('2', new WorkSet())
  assert.equal(cluster.rebalance(), true)
  cluster.workers.set('3', new WorkSet())

  assert.equal(cluster.rebalance(), false)
  assert.equal(cluster.delay, 40)
})

test('work whose assignment was lost does not wait for the delay of consecutive revocations', () => {
  const cluster = new Cluster(workOf({ a: 12 }), ['1'])
  cluster.settle()
  cluster.workers.set('2', new WorkSet())
  cluster.rebalance()
  cluster.workers.set('3', new WorkSet())
  cluster.rebalance(['2', '3'])
  assert.equal(cluster.delay, 40)
  assert.notEqual(cluster.missing, '')

  cluster.rebalance()
  assert.equal(cluster.missing, '')
  cluster.settle()
  cluster.assertComplete()
})

test('clusters converge to a complete and balanced assignment after any membership changes', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomNumbers(seed)
    const cluster = new Cluster(workOf({ a: 3, b: 5 }), ['w0'])
    for (let step = 1; step < 15; step++) {
      const [first = ''] = [...cluster.workers.keys()].slice(random(cluster.workers.size))
      if (random(3) > 0) cluster.workers.set(`w${step}`, new WorkSet())
      else if (cluster.workers.size > 1) cluster.workers.delete(first)
      if (random(3) === 0)
        cluster.configured = workOf({ a: random(6), b: random(6), [`c${step}`]: random(4) })
      cluster.rebalance(random(4) === 0 ? [first] : [])
      cluster.now += random(2 * MAX_DELAY_MS)
    }
    cluster.settle()
    cluster.assertComplete()
  }
})
