import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../../../timing/test/gate.ts'
import { murmur2, partitionOfKey } from '../murmur2.ts'
import { PartitionQueue } from '../partition-queue.ts'
import { TopicPartitions } from '../topic-partitions.ts'
import { never, openFixture, TOPIC } from './deliveries.ts'

/** Hashes of Java's Utils.murmur2, from Kafka's own test. */
const hashes: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

test('keys are hashed as in Java', () => {
  for (const [text, hash] of hashes) assert.equal(murmur2(Buffer.from(text)), hash, text)
})

test('a key has the same partition as a string and as bytes', () => {
  for (const key of ['', 'a', 'ключ', 'some longer key']) {
    const partition = partitionOfKey(key, 7)

    assert.equal(partitionOfKey(Buffer.from(key), 7), partition)
    assert.ok(partition >= 0 && partition < 7)
  }
})

const partitions = (count: number, stickyBytes: number, ignoreKeys = false): TopicPartitions =>
  new TopicPartitions(
    Array.from({ length: count }, (_, partition) => new PartitionQueue('topic', partition)),
    stickyBytes,
    ignoreKeys,
  )

test('the partition of a record depends on its key', () => {
  const topic = partitions(5, 100)

  for (const key of ['a', 'b', 'c']) assert.equal(topic.choose(key, 10), partitionOfKey(key, 5))
})

test('records without a key stay in one partition per batch, and reach all partitions over time', () => {
  const topic = partitions(3, 100)
  const chosen = Array.from({ length: 2000 }, () => topic.choose(null, 10))

  for (let start = 0; start < chosen.length; start += 10) {
    assert.equal(new Set(chosen.slice(start, start + 10)).size, 1)
  }
  assert.equal(new Set(chosen).size, 3)
})

test('keys are ignored with partitioner.ignore.keys', () => {
  const topic = partitions(3, 10, true)
  const chosen = new Set(Array.from({ length: 200 }, () => topic.choose('same', 10)))

  assert.equal(chosen.size, 3)
})

test('new partitions of a topic are used after metadata.max.age.ms', async (t) => {
  const topics = { [TOPIC]: 1 }
  const { producer, append, deliveries } = await openFixture(t, {}, { topics, metadataMaxAgeMs: 0 })
  append(['before'], 0)
  topics[TOPIC] = 2
  await producer.flush(never)
  await eventually(() => producer.queues.length === 2)
  append(['behind'], 1)
  await producer.flush(never)

  assert.deepEqual([deliveries.offsets.size, deliveries.failures.size], [2, 0])
})

test('metadata is not refreshed before metadata.max.age.ms, or for a topic without writes', async (t) => {
  const young = await openFixture(t)
  const idle = await openFixture(t, {}, { metadataMaxAgeMs: 0 })
  young.append(['1'])
  await young.producer.flush(never)
  const refreshes = [young.cluster.refreshes, idle.cluster.refreshes]
  young.append(['2'])
  await young.producer.flush(never)
  await idle.producer.flush(never)

  assert.deepEqual([young.cluster.refreshes, idle.cluster.refreshes], refreshes)
})
