import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TopicPartition } from '../../../../api/index.ts'
import { assignorOf, type Consumer } from '../assignors.ts'

const range = assignorOf('org.apache.kafka.clients.consumer.RangeAssignor')
const roundRobin = assignorOf('RoundRobinAssignor')
const sticky = assignorOf('org.apache.kafka.clients.consumer.CooperativeStickyAssignor')

/** Parses a partition in the form `topic-partition`. */
const parse = (text: string): TopicPartition => {
  const [topic = '', partition] = text.split('-')
  return { topic, partition: Number(partition) }
}

function consumer(id: string, topics: string, owned = '', generation = 1): Consumer {
  return { id, topics: topics.split(' '), owned: owned === '' ? [] : owned.split(' ').map(parse), generation }
}

const counts = (sizes: Readonly<Record<string, number>>) => new Map(Object.entries(sizes))

/** Formats the shares as strings, by consumer. */
function texts(shares: ReadonlyMap<string, readonly TopicPartition[]>): Record<string, string> {
  return Object.fromEntries(
    [...shares].map(([id, share]) => [
      id,
      share
        .map(({ topic, partition }) => `${topic}-${partition}`)
        .toSorted()
        .join(' '),
    ]),
  )
}

test('range assigns consecutive partitions of each topic, and one more to the first consumers', () => {
  const shares = range.assign(counts({ a: 3, b: 3 }), [consumer('2', 'a b'), consumer('1', 'a b')])

  assert.deepEqual(texts(shares), { 1: 'a-0 a-1 b-0 b-1', 2: 'a-2 b-2' })
})

test('range assigns a topic only to its subscribers', () => {
  const shares = range.assign(counts({ a: 2, b: 2 }), [
    consumer('1', 'a'),
    consumer('2', 'a b'),
    consumer('3', 'c'),
  ])

  assert.deepEqual(texts(shares), { 1: 'a-0', 2: 'a-1 b-0 b-1', 3: '' })
})

test('round robin assigns all partitions of all topics in turn', () => {
  const shares = roundRobin.assign(counts({ b: 2, a: 3 }), [consumer('1', 'a b'), consumer('2', 'a b')])

  assert.deepEqual(texts(shares), { 1: 'a-0 a-2 b-1', 2: 'a-1 b-0' })
})

test('round robin skips consumers that do not subscribe to a topic', () => {
  const shares = roundRobin.assign(counts({ a: 1, b: 2, c: 3 }), [
    consumer('1', 'a'),
    consumer('2', 'a b'),
    consumer('3', 'a b c'),
  ])

  assert.deepEqual(texts(shares), { 1: 'a-0', 2: 'b-0', 3: 'b-1 c-0 c-1 c-2' })
})

test('sticky distributes new partitions evenly', () => {
  const shares = sticky.assign(counts({ a: 5, b: 2 }), [consumer('1', 'a b'), consumer('2', 'a b')])

  assert.deepEqual(
    [...shares.values()].map((share) => share.length).toSorted((a, b) => a - b),
    [3, 4],
  )
  assert.equal(
    new Set([...shares.values()].flat().map(({ topic, partition }) => `${topic}-${partition}`)).size,
    7,
  )
})

test('sticky keeps a balanced assignment', () => {
  const shares = sticky.assign(counts({ a: 4 }), [
    consumer('1', 'a', 'a-1 a-3'),
    consumer('2', 'a', 'a-0 a-2'),
  ])

  assert.deepEqual(texts(shares), { 1: 'a-1 a-3', 2: 'a-0 a-2' })
})

test('sticky revokes a moving partition first and assigns it in the next round', () => {
  const partitions = counts({ a: 4 })
  const first = sticky.assign(partitions, [consumer('1', 'a', 'a-0 a-1 a-2 a-3'), consumer('2', 'a')])
  const { 1: kept = '' } = texts(first)

  assert.equal(kept.split(' ').length, 2)
  assert.equal(texts(first)[2], '')

  const second = sticky.assign(partitions, [consumer('1', 'a', kept), consumer('2', 'a')])
  assert.equal(texts(second)[1], kept)
  assert.equal(second.get('2')?.length, 2)
})

test('sticky reassigns the partitions of a lost consumer immediately', () => {
  const shares = sticky.assign(counts({ a: 4 }), [consumer('1', 'a', 'a-0 a-1')])

  assert.deepEqual(texts(shares), { 1: 'a-0 a-1 a-2 a-3' })
})

test('sticky assigns a partition with two claims to the member of the newer generation', () => {
  const shares = sticky.assign(counts({ a: 2 }), [
    consumer('1', 'a', 'a-0 a-1', 3),
    consumer('2', 'a', 'a-1', 4),
  ])

  assert.deepEqual(texts(shares), { 1: 'a-0', 2: 'a-1' })
})

test('sticky drops partitions that no longer exist or are no longer subscribed to', () => {
  const shares = sticky.assign(counts({ a: 1, b: 1 }), [consumer('1', 'b', 'a-0 b-7'), consumer('2', 'a')])

  assert.deepEqual(texts(shares), { 1: 'b-0', 2: '' }) // a-0 is first revoked
})

test('sticky terminates with a balanced assignment for many consumers with different subscriptions', () => {
  const topics = ['a', 'b', 'c', 'd']
  const consumers = Array.from({ length: 9 }, (_, index) =>
    consumer(String(index), topics.filter((_topic, place) => (index + 1) & (1 << place)).join(' ') || 'a'),
  )
  const sizes = { a: 11, b: 7, c: 13, d: 5 }
  const shares = sticky.assign(counts(sizes), consumers)

  assert.equal([...shares.values()].flat().length, 36)
  for (const { id, topics: wanted } of consumers) {
    assert.ok(shares.get(id)?.every(({ topic }) => wanted.includes(topic)))
  }
})

test('the error for an unsupported assignor lists the supported ones', () => {
  assert.throws(() => assignorOf('org.example.MyAssignor'), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'partition.assignment.strategy',
    message: /expected one of RangeAssignor, RoundRobinAssignor, CooperativeStickyAssignor$/,
  })
})
