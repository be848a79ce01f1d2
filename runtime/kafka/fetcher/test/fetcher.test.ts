import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConnectError, type Props } from '../../../../api/index.ts'
import { eventually, settle } from '../../../timing/test/gate.ts'
import { kafkaFailure } from '../../connection/broker-errors.ts'
import { FakeCluster, lostConnection, type FakeBrokers } from '../../test/fake-cluster.ts'
import type { PartitionAnswer, PartitionFetch } from '../fetch-request.ts'
import { Fetcher } from '../fetcher.ts'
import { fetchSettings } from '../settings.ts'
import { answer, batchOf, fetchResponse, readFetchRequest, TOPIC, valuesOf } from './answers.ts'

const never: AbortSignal = new AbortController().signal
const OFFSET_OUT_OF_RANGE = 1
const NOT_LEADER = 6
const TOPIC_AUTHORIZATION_FAILED = 29
const nothing = Buffer.alloc(0)

type Asked = PartitionFetch & { readonly nodeId: number }

/** Responds to fetches and collects them in `asked`. Delays empty responses, like a broker. */
function openFetcher(
  t: TestContext,
  answerOf: (asked: Asked) => PartitionAnswer | Promise<PartitionAnswer>,
  { props = {}, brokers = {} }: { props?: Props; brokers?: Partial<FakeBrokers> } = {},
) {
  const asked: Asked[] = []
  const cluster = new FakeCluster({
    topics: { [TOPIC]: 2 },
    send: async (nodeId, request) => {
      const fetches = readFetchRequest(request).map((fetch) => ({ ...fetch, nodeId }))
      asked.push(...fetches)
      const answers = await Promise.all(fetches.map(async (fetch) => answerOf(fetch)))
      if (answers.every(({ errorCode, batches }) => errorCode === 0 && batches.length === 0)) await settle()
      return fetchResponse(answers)
    },
    ...brokers,
  })
  const fetcher = new Fetcher(cluster, fetchSettings(props))
  t.after(() => fetcher.close())
  return { fetcher, cluster, asked }
}

/** Ten records per partition, in batches of five. */
async function tenRecords({ partition, offset }: PartitionFetch): Promise<PartitionAnswer> {
  const batches = offset < 5 ? await batchOf([0, 4]) : offset < 10 ? await batchOf([5, 9]) : nothing
  return answer(batches, { partition, highWatermark: 10 })
}

async function takeValues(fetcher: Fetcher, count: number, max = 100): Promise<string[]> {
  const values: string[] = []
  while (values.length < count) {
    await fetcher.wait(1000, never)
    const segments = await fetcher.take(max)
    values.push(...valuesOf(segments))
    for (const { topic, partition, records } of segments)
      fetcher.state(topic, partition)?.readUpTo(records.offset + 1)
  }
  return values
}

const at = (offset: number | undefined, partition = 0) => [{ topic: TOPIC, partition, offset }]
const failed = (errorCode: number) => answer(nothing, { errorCode })

test('records are read starting at the given offset', async (t) => {
  const { fetcher } = openFetcher(t, tenRecords)
  fetcher.add(at(3))

  assert.deepEqual(await takeValues(fetcher, 7), ['3', '4', '5', '6', '7', '8', '9'])
  assert.equal(fetcher.state(TOPIC, 0)?.highWatermark, 10)
})

test('at most the requested number of records is returned, from each partition in turn', async (t) => {
  const { fetcher } = openFetcher(t, tenRecords)
  fetcher.add([...at(0, 0), ...at(0, 1)])
  const seen = new Set<number>()
  for (let step = 0; step < 4; step++) {
    await fetcher.wait(1000, never)
    const segments = await fetcher.take(2)
    assert.ok(segments.reduce((sum, { count }) => sum + count, 0) <= 2)
    valuesOf(segments)
    for (const { partition } of segments) seen.add(partition)
  }

  assert.deepEqual(
    [...seen].toSorted((a, b) => a - b),
    [0, 1],
  )
})

test('paused partitions return no records until they are resumed', async (t) => {
  const { fetcher } = openFetcher(t, tenRecords)
  fetcher.add(at(0))
  await fetcher.wait(1000, never)
  fetcher.pause(at(0))

  await fetcher.wait(1, never)
  assert.deepEqual(await fetcher.take(10), [])

  fetcher.resume(at(0))
  assert.equal((await takeValues(fetcher, 10)).length, 10)
})

test('an offset that is out of range is reset according to auto.offset.reset', async (t) => {
  const { fetcher } = openFetcher(
    t,
    (fetch) => (fetch.offset === 99 ? failed(OFFSET_OUT_OF_RANGE) : tenRecords(fetch)),
    {
      props: { 'auto.offset.reset': 'earliest' },
      brokers: { calls: { listOffsets: async () => ({ responses: offsetsAt(5) }) } },
    },
  )
  fetcher.add(at(99))

  assert.deepEqual(await takeValues(fetcher, 5), ['5', '6', '7', '8', '9'])
})

const offsetsAt = (offset: number) => [
  { topic: TOPIC, partitions: [{ partition: 0, offset: String(offset), errorCode: 0 }] },
]

test('an offset that is out of range is an error if auto.offset.reset is none', async (t) => {
  const { fetcher } = openFetcher(t, () => failed(OFFSET_OUT_OF_RANGE), {
    props: { 'auto.offset.reset': 'none' },
  })
  fetcher.add(at(99))

  await assert.rejects(fetcher.wait(1000, never), {
    configKey: 'auto.offset.reset',
    message: /Offset 99 .* out of range/,
  })
})

test('a missing committed offset is an error if auto.offset.reset is none', async (t) => {
  const { fetcher } = openFetcher(t, tenRecords, { props: { 'auto.offset.reset': 'none' } })
  fetcher.add(at(undefined))

  await assert.rejects(fetcher.wait(1000, never), /No committed offset for topic-0/)
})

test('a new leader is found and read from', async (t) => {
  let leader = 1
  const { fetcher, cluster, asked } = openFetcher(
    t,
    (fetch) => (fetch.nodeId === 1 ? failed(NOT_LEADER) : tenRecords(fetch)),
    { brokers: { leader: () => leader } },
  )
  const { refresh } = FakeCluster.prototype
  cluster.refresh = async (topics) => {
    leader = 2
    return refresh.call(cluster, topics)
  }
  fetcher.add(at(0))

  assert.equal((await takeValues(fetcher, 10)).length, 10)
  assert.ok(asked.filter(({ nodeId }) => nodeId === 1).length < 10)
})

test('a fetch is retried after a lost connection', async (t) => {
  let tries = 0
  const { fetcher } = openFetcher(t, (fetch) => {
    if (tries++ < 3) throw kafkaFailure(lostConnection(), 'fetch')
    return tenRecords(fetch)
  })
  fetcher.add(at(0))

  assert.equal((await takeValues(fetcher, 10)).length, 10)
})

test('a permanent error ends reading', async (t) => {
  const { fetcher } = openFetcher(t, () => failed(TOPIC_AUTHORIZATION_FAILED))
  fetcher.add(at(0))

  await assert.rejects(fetcher.wait(1000, never), (error: ConnectError) => {
    assert.equal(error.code, 'HR_KAFKA_REFUSED')
    return error.javaClass === 'org.apache.kafka.common.errors.TopicAuthorizationException'
  })
})

test('the response to a fetch from before a seek is ignored', async (t) => {
  const { fetcher, asked } = openFetcher(t, async (fetch) => {
    if (asked.length === 1) fetcher.seek({ topic: TOPIC, partition: 0, offset: 5 })
    return tenRecords(fetch)
  })
  fetcher.add(at(0))

  assert.deepEqual(await takeValues(fetcher, 5), ['5', '6', '7', '8', '9'])
})

test('prefetching respects the configured limits', async (t) => {
  const { fetcher, asked } = openFetcher(t, async ({ offset }) => answer(await batchOf([offset, offset])), {
    props: { 'max.partition.fetch.bytes': '200' },
  })
  fetcher.add(at(0))
  await eventually(() => (fetcher.state(TOPIC, 0)?.bufferedBytes ?? 0) >= 200)
  const before = asked.length
  for (let turns = 0; turns < 5; turns++) await settle()

  assert.equal(asked.length, before)
})
