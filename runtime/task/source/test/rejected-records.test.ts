import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sourceRecord, type Props, type SourceRecord, type SourceTask } from '../../../../api/index.ts'
import { FakeLog, type Fate } from '../../../kafka/producer/test/fake-log.ts'
import { idempotentIdentities, noIdentities } from '../../../kafka/producer/identities.ts'
import { BatchingProducer } from '../../../kafka/producer/producer.ts'
import { producerSettings } from '../../../kafka/producer/settings.ts'
import { FakeCluster } from '../../../kafka/test/fake-cluster.ts'
import { Serializer, TransformChain } from '../../../pipeline/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { Retries } from '../../context/retries.ts'
import { newTaskMetrics, type TaskMetrics } from '../../metrics.ts'
import { TaskControl } from '../../stop.ts'
import { errorHandler, Journal, plainCalls, textConverters, unreported } from '../../test/task-parts.ts'
import type { SourceTaskParts } from '../source-run.ts'
import { runSourceTask } from '../source-task.ts'

const TOPIC = 'out'
const BIG = 'x'.repeat(5000)
const MESSAGE_TOO_LARGE = 10
const SMALL = { 'max.request.size': '3000' }
const defaults: Props = {}
const oneInFlight: Props = { 'max.in.flight.requests.per.connection': '1' }
const settingsToTry: readonly Props[] = [defaults, oneInFlight]

interface Polled {
  readonly value: string
  readonly partition?: number
  readonly timestamp?: number
}

interface Init {
  readonly records: readonly Polled[]
  readonly props?: Props
  readonly tolerance?: 'none' | 'all'
  /** Returns how the broker handles a produce request with these values. */
  readonly fate?: (values: readonly (string | null)[]) => Fate | Promise<Fate>
  /** Topics that get more partitions once the producer knows them. */
  readonly grown?: Readonly<Record<string, number>>
  readonly metrics?: TaskMetrics
  readonly topics?: SourceTaskParts['topics']
}

const ready: SourceTaskParts['topics'] = {
  isReady: () => true,
  create: async () => {},
  findPartitions: async () => {},
}

/** A source task on the real producer, whose broker is a log kept by the test. */
async function startTask(
  t: TestContext,
  { records, props = {}, tolerance, fate, grown, metrics = newTaskMetrics(), topics: preparer = ready }: Init,
) {
  const topics: Record<string, number> = { [TOPIC]: 1 }
  const log = new FakeLog()
  log.fate = (request) => fate?.(log.arrived[request]?.values ?? []) ?? 'answer'
  const cluster = new FakeCluster({
    topics,
    send: (nodeId, request) => log.produce(nodeId, request),
    calls: { initProducerId: async () => ({ producerId: '1', producerEpoch: 0 }) },
  })
  const settings = producerSettings(props)
  const identities = settings.idempotent ? idempotentIdentities(cluster) : noIdentities
  const producer = new BatchingProducer(cluster, settings, identities)
  await producer.prepare(TOPIC, new AbortController().signal)
  Object.assign(topics, grown)
  const control = new TaskControl(false)
  const handler = errorHandler(tolerance)
  const stored: number[] = []
  const ended = runSourceTask(
    {
      startOffsets: async () => {},
      open: async () => taskOf(records),
      className: 'TestConnector',
      name: 'c-0',
      calls: plainCalls,
      lease: unlimitedLease(),
      outages: unreported,
      store: async (offsets) =>
        void stored.push(...offsets.map(([, offset]) => Number(offset?.['position']))),
      settings: { flushIntervalMs: 60_000, flushTimeoutMs: 5000 },
      finalFlushMs: 5000,
      chain: new TransformChain<SourceRecord>([], handler),
      serializer: new Serializer(textConverters),
      producer,
      handler,
      topics: preparer,
      metrics,
      retries: new Retries(metrics, silentLogger),
      log: silentLogger,
      topicUsed: () => {},
    },
    control,
    new Journal(),
  )
  ended.catch(() => {}) // the test awaits it later
  t.after(async () => {
    control.stopNow()
    await ended.catch(() => {})
    await producer.close(0)
  })
  return { log, handler, producer, control, ended, stored }
}

/** Polls all records at once; the index of a record is its offset. */
function taskOf(records: readonly Polled[]): SourceTask {
  let polled = false
  return {
    poll: async (signal) => {
      if (polled) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      if (polled) return []
      polled = true
      return records.map((record, index) =>
        sourceRecord({
          topic: TOPIC,
          partition: 0,
          ...record,
          sourcePartition: { file: 'f' },
          sourceOffset: { position: index + 1 },
        }),
      )
    },
  }
}

const plain = (...values: readonly string[]): Polled[] => values.map((value) => ({ value }))

for (const props of settingsToTry) {
  const named = props === defaults ? 'defaults' : 'one request in flight'
  for (const [what, culprit, message] of [
    ['larger than max.request.size', { value: BIG }, /Unrecoverable exception from producer send callback/],
    ['for a negative partition', { value: 'bad', partition: -1 }, /^Invalid partition: -1\./],
    ['for a partition that is not there', { value: 'bad', partition: 7 }, /Unrecoverable exception/],
    ['with an illegal timestamp', { value: 'bad', timestamp: -1000 }, /^Invalid record timestamp -1000$/],
    ['with a fractional timestamp', { value: 'bad', timestamp: 1.5 }, /^Invalid record timestamp 1\.5$/],
  ] as const) {
    test(`a record ${what} fails its task, and no later record is written (${named})`, async (t) => {
      const records = [...plain('a', 'b'), culprit, ...plain('c', 'd')]
      const { log, ended, stored } = await startTask(t, { records, props: { ...SMALL, ...props } })

      await assert.rejects(ended, { message })
      assert.deepEqual(log.values(), ['a', 'b'])
      assert.deepEqual(stored, [2], 'what was acknowledged before it is stored')
    })

    test(`with errors.tolerance=all a record ${what} is skipped and reported (${named})`, async (t) => {
      const records = [...plain('a', 'b'), culprit, ...plain('c', 'd')]
      const init = { records, props: { ...SMALL, ...props }, tolerance: 'all' as const }
      const { log, handler, control, ended, stored } = await startTask(t, init)
      await eventually(() => log.values().length === 4)
      control.stopSoftly()
      await ended

      assert.deepEqual(log.values(), ['a', 'b', 'c', 'd'])
      assert.deepEqual(stored, [5])
      assert.equal(handler.counters.totalRecordFailures, 1)
    })
  }

  test(`a record that the broker finds too large fails its task, and no later record is written (${named})`, async (t) => {
    const init = {
      records: plain('a', 'b', BIG, 'c', 'd'),
      props,
      fate: (values: readonly (string | null)[]): Fate =>
        values.includes(BIG) ? { code: MESSAGE_TOO_LARGE } : 'answer',
    }
    const { log, ended, stored } = await startTask(t, init)

    await assert.rejects(ended, (error: Error) => /MESSAGE_TOO_LARGE/.test((error.cause as Error).message))
    assert.deepEqual(log.values(), ['a', 'b'])
    assert.deepEqual(stored, [2])
  })
}

test('a record for a newly added partition is written', async (t) => {
  const records = [...plain('a'), { value: 'new', partition: 1 }, ...plain('b')]
  const { log, control, ended } = await startTask(t, { records, grown: { [TOPIC]: 2 } })
  await eventually(() => log.values(0).length + log.values(1).length === 3)
  control.stopSoftly()
  await ended

  assert.deepEqual([log.values(0), log.values(1)], [['a', 'b'], ['new']])
})

test('a record without a timestamp, or with -1, is written with the current time', async (t) => {
  const records = [{ value: 'a', timestamp: -1 }, { value: 'b' }]
  const { log, control, ended } = await startTask(t, { records })
  await eventually(() => log.values().length === 2)
  control.stopSoftly()
  await ended

  const [{ timestamps } = { timestamps: [] }] = log.arrived
  assert.ok(timestamps.every((timestamp) => Math.abs(timestamp - Date.now()) < 60_000))
})

test('an exception in the accounting fails the task, and no record is lost', async (t) => {
  const metrics = newTaskMetrics()
  Object.defineProperty(metrics, 'recordsOut', {
    get: () => 0,
    set: () => {
      throw new TypeError('the counter is broken')
    },
  })
  const records = ['a', 'b', 'c'].map((value, partition) => ({ value, partition }))
  const { log, ended } = await startTask(t, { records, metrics, grown: { [TOPIC]: 3 } })

  await assert.rejects(ended, (error: Error) => {
    assert.match((error.cause as Error).message, /Failed to account for records .*: the counter is broken/)
    return true
  })
  for (const { partition, values } of log.arrived) assert.deepEqual(values, [records[partition]?.value])
  assert.equal(
    new Set(log.arrived.map(({ partition }) => partition)).size,
    log.arrived.length,
    'sent once each',
  )
})

test('records dropped by a stop do not count as skipped and are not reported', async (t) => {
  const init = { records: plain('a', 'b'), tolerance: 'all' as const, fate: () => gate<Fate>().opened }
  const { log, handler, producer, control, ended, stored } = await startTask(t, init)
  await eventually(() => log.arrived.length > 0)
  control.stopNow()
  await producer.close(0)
  await ended

  assert.equal(handler.counters.totalRecordFailures, 0)
  assert.deepEqual(stored, [])
})

for (const [what, culprit] of [
  ['larger than max.request.size', { value: BIG }],
  ['for a negative partition', { value: 'bad', partition: -1 }],
  ['with an illegal timestamp', { value: 'bad', timestamp: -1000 }],
] as const) {
  test(`a record ${what} does not create its topic`, async (t) => {
    const created: string[] = []
    const topics = {
      isReady: () => created.length > 0,
      create: async (topic: string) => void created.push(topic),
      findPartitions: async () => {},
    }
    const { ended } = await startTask(t, { records: [culprit], props: SMALL, topics })
    await assert.rejects(ended)
    assert.deepEqual(created, [])
  })

  test(`a skipped record ${what} leaves its topic to the next record`, async (t) => {
    const created: string[] = []
    const topics = {
      isReady: () => created.length > 0,
      create: async (topic: string) => void created.push(topic),
      findPartitions: async () => {},
    }
    const records = [culprit, ...plain('a')]
    const { log } = await startTask(t, { records, props: SMALL, tolerance: 'all', topics })
    await eventually(() => log.values().length > 0)
    assert.deepEqual([created, log.values()], [[TOPIC], ['a']])
  })
}
