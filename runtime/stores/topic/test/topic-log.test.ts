import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { ConnectError, type Logger, type Props } from '../../../../api/index.ts'
import { Outages, type Producer } from '../../../kafka/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import type { LogRecord } from '../log-reader.ts'
import type { LogStorage } from '../log-storage.ts'
import type { LogTopic } from '../log-topic.ts'
import { TopicLog } from '../topic-log.ts'
import { MemoryTopic, TOPIC } from './memory-topic.ts'

const SOON_MS = 5000
const noProps: Props = {}

/**
 * A log over the test's topic. `applied` shows its records as `partition@offset key=value`, `lines` its log
 * lines.
 */
function openLog(
  t: TestContext,
  topic: MemoryTopic,
  {
    settings = {},
    consumer = noProps,
    producer,
    open = async () => topic.storage(),
  }: {
    settings?: Partial<LogTopic>
    consumer?: Props
    producer?: Producer
    open?: () => Promise<LogStorage>
  } = {},
) {
  const applied: string[] = []
  const lines: string[] = []
  const apply = ({ partition, offset, key, value }: LogRecord) => {
    if (String(key) === 'poison') throw new TypeError('it cannot be applied')
    applied.push(`${partition}@${offset} ${String(key)}=${String(value)}`)
  }
  const note = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    const reason = fields?.['reason']
    lines.push(`${level} ${message}${typeof reason === 'string' ? `: ${reason}` : ''}`)
  }
  const logger: Logger = { ...silentLogger, info: note('info'), warn: note('warn'), error: note('error') }
  const logTopic: LogTopic = {
    topic: TOPIC,
    partitions: 1,
    replicationFactor: 1,
    configs: { 'cleanup.policy': 'compact' },
    setting: 'config.storage.topic',
    replicationSetting: 'config.storage.replication.factor',
    purpose: 'connector configurations',
    ...settings,
  }
  const outages = new Outages(logger)
  const shared = producer === undefined ? {} : { sharedProducer: producer }
  const clients = { admin: noProps, consumer, producer: noProps, outages, ...shared }
  const log = new TopicLog(logTopic, clients, logger, apply, open)
  t.after(() => log.stop())
  return { log, applied, lines, outages }
}

test('start reads all existing records once, in the order of each partition', async (t) => {
  const topic = new MemoryTopic(2)
  topic.add('a', '1')
  topic.add('a', '2')
  topic.add('b', null, 1)
  topic.add(null, '3')
  const { log, applied } = openLog(t, topic)
  await log.start()

  assert.deepEqual(
    applied.filter((line) => line.startsWith('0')),
    ['0@0 a=1', '0@1 a=2', '0@2 null=3'],
  )
  assert.deepEqual(
    applied.filter((line) => line.startsWith('1')),
    ['1@0 b=null'],
  )
})

test('an empty topic is read immediately, even if compaction has removed all records', async (t) => {
  const empty = openLog(t, new MemoryTopic())
  await empty.log.start()
  const topic = new MemoryTopic()
  topic.add('old', '1')
  topic.start = 1
  const compacted = openLog(t, topic)
  await compacted.log.start()
  assert.deepEqual([empty.applied, compacted.applied], [[], []])
})

test('later records of other writers are read', async (t) => {
  const topic = new MemoryTopic()
  const { log, applied } = openLog(t, topic)
  await log.start()
  topic.add('a', '1')
  await eventually(() => applied.length === 1)
  topic.add('a', '2')
  await log.readToEnd(SOON_MS)
  assert.deepEqual(applied, ['0@0 a=1', '0@1 a=2'])
})

test('a write resolves once all its entries are stored, and they are read in order', async (t) => {
  const topic = new MemoryTopic()
  const { log, applied } = openLog(t, topic)
  await log.start()
  await log.write([
    { key: 'a', value: '1' },
    { key: 'b', value: null },
    { key: 'a', value: '2' },
  ])
  assert.equal(topic.partitions[0]?.length, 3)
  await log.readToEnd(SOON_MS)
  assert.deepEqual(applied, ['0@0 a=1', '0@1 b=null', '0@2 a=2'])
  await log.write([])
})

test('a log with a shared producer writes through it, opens none of its own, and leaves it open', async (t) => {
  const topic = new MemoryTopic()
  const producer = await topic.storage().openProducer()
  const openProducer = () => Promise.reject(new Error('a second producer was opened'))
  const open = async () => ({ ...topic.storage(), openProducer })
  const { log } = openLog(t, topic, { producer, open })
  await log.start()
  await log.write([{ key: 'a', value: '1' }])
  assert.equal(topic.partitions[0]?.length, 1)
  await log.stop()
  assert.ok(!topic.asked.includes('close producer'))
})

test('a write rejects with the reason if one of its entries is not stored', async (t) => {
  const topic = new MemoryTopic()
  const { log } = openLog(t, topic)
  await log.start()
  let entry = 0
  topic.fate = () => (entry++ === 1 ? new ConnectError('HR_KAFKA_REFUSED', 'too large') : 'stored')
  const write = log.write([
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ])
  await assert.rejects(write, { code: 'HR_KAFKA_REFUSED', message: 'too large' })
})

test('a write is applied once the log has read it, without a request for the end offset', async (t) => {
  const topic = new MemoryTopic()
  const { log, applied } = openLog(t, topic)
  await log.start()
  topic.add('other', '0')
  const asked = [...topic.asked]
  await log.readTo(
    await log.write([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]),
    SOON_MS,
  )
  assert.deepEqual(applied, ['0@0 other=0', '0@1 a=1', '0@2 b=2'])
  assert.deepEqual(topic.asked, asked)
})

test('the log reads to the end if the offset of an entry is unknown', async (t) => {
  const topic = new MemoryTopic()
  topic.fate = () => 'found'
  const { log, applied } = openLog(t, topic)
  await log.start()
  await log.readTo(await log.write([{ key: 'a', value: '1' }]), SOON_MS)
  assert.deepEqual(applied, ['0@0 a=1'])
  assert.equal(topic.asked.at(-1), 'ends')
})

test('readToEnd waits for the records that existed when it was called', async (t) => {
  const topic = new MemoryTopic()
  const { log, applied } = openLog(t, topic)
  await log.start()
  const ends = gate()
  topic.endOffsets = () => ends.opened
  const read = log.readToEnd(SOON_MS)
  topic.add('a', '1')
  ends.open()
  await read
  assert.deepEqual(applied, ['0@0 a=1'])
})

test('the timeout error of readToEnd names the topic, and the log continues', async (t) => {
  const topic = new MemoryTopic()
  const { log, applied } = openLog(t, topic)
  await log.start()
  const ends = gate()
  topic.endOffsets = () => ends.opened
  await assert.rejects(log.readToEnd(1), {
    code: 'HR_REQUEST_TIMEOUT',
    message: 'Timed out reading to the end of topic state',
  })
  ends.open()
  topic.add('a', '1')
  await log.readToEnd(SOON_MS)
  assert.deepEqual(applied, ['0@0 a=1'])
})

test('with read_committed too, the end is that of all records, so that reading waits for open transactions', async (t) => {
  const topic = new MemoryTopic()
  await openLog(t, topic, { consumer: { 'isolation.level': 'read_committed' } }).log.start()
  assert.deepEqual(topic.asked, ['ends'])
})

const REFUSED = new RangeError('not authorized')
const refusal = { code: 'HR_CONNECT', message: 'Failed to read topic state: not authorized' }
/** Longer than any backoff between two attempts. */
const NEXT_TRY_MS = 15_000

/** Lets the log retry until `done` returns true. */
async function retryUntil(t: TestContext, done: () => boolean) {
  await eventually(() => {
    t.mock.timers.tick(NEXT_TRY_MS)
    return done()
  })
}

test('a topic that cannot be read fails pending and later requests with the reason', async (t) => {
  const topic = new MemoryTopic()
  const { log } = openLog(t, topic)
  await log.start()
  const ends = gate()
  topic.endOffsets = () => ends.opened
  const read = log.readToEnd(SOON_MS)
  topic.breakReading(REFUSED)
  ends.open()
  await assert.rejects(read, refusal)
  await assert.rejects(log.readToEnd(SOON_MS), refusal)
})

test('reading continues from the last offset once a topic can be read again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const topic = new MemoryTopic()
  const { log, applied } = openLog(t, topic)
  topic.add('a', '1')
  await log.start()
  topic.breakReading(REFUSED)
  await settle()
  topic.add('a', '2')
  topic.allowReading()
  await retryUntil(t, () => applied.length === 2)
  await log.readToEnd(SOON_MS)
  assert.deepEqual(applied, ['0@0 a=1', '0@1 a=2'])
})

test('an idle topic counts as readable once a fetch succeeds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const topic = new MemoryTopic()
  const { log, lines } = openLog(t, topic)
  await log.start()
  topic.breakReading(REFUSED)
  await eventually(() => lines.length === 1)
  topic.allowReading()
  await retryUntil(t, () => lines.length === 2)
  await log.readToEnd(SOON_MS)
})

test('a topic that cannot be read is reported immediately as an outage, until it can be read or the log is stopped', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const topic = new MemoryTopic()
  const { log, lines, outages } = openLog(t, topic)
  await log.start()
  topic.breakReading(REFUSED)
  await retryUntil(t, () => topic.fetchers > 5)
  const { reason } = outages.blocked ?? {}
  assert.equal(reason, 'Failed to read topic state: not authorized')
  topic.allowReading()
  topic.add('a', '1')
  await retryUntil(t, () => outages.blocked === null)
  await retryUntil(t, () => lines.at(-1)?.startsWith('info') === true)
  const warnings = lines.filter((line) => line.startsWith('warn'))
  assert.equal(warnings[0], 'warn Failed to read topic state: not authorized; retrying')
  assert.ok(warnings.slice(1).every((line) => line.includes('; retrying since ')))
  assert.match(lines.at(-1) ?? '', /^info Kafka is available again after \d+ s$/)

  topic.breakReading(REFUSED)
  await eventually(() => outages.blocked !== null)
  await log.stop()
  assert.equal(outages.blocked, null)
})

test('a start without permission to read rejects without a retry', async (t) => {
  const topic = new MemoryTopic()
  topic.add('a', '1')
  topic.breakReading(REFUSED)
  const { log } = openLog(t, topic)
  await assert.rejects(log.start(), refusal)
  assert.deepEqual([topic.fetchers, topic.asked.at(-1)], [1, 'close fetcher'])
})

test('a record that cannot be applied is logged and skipped', async (t) => {
  const topic = new MemoryTopic()
  const { log, applied, lines } = openLog(t, topic)
  await log.start()
  topic.add('poison', '1')
  topic.add('a', '2')
  await log.readToEnd(SOON_MS)
  assert.deepEqual(applied, ['0@1 a=2'])
  assert.deepEqual(lines, ['error ignoring a record of an internal topic that cannot be applied'])
})

test('a stopped log rejects reads and writes', async (t) => {
  const { log } = openLog(t, new MemoryTopic())
  await log.start()
  await log.stop()
  const stopped = { code: 'HR_CONNECT', message: 'The log of topic state was stopped' }
  await assert.rejects(log.write([{ key: 'a', value: '1' }]), stopped)
  await assert.rejects(log.readToEnd(SOON_MS), stopped)
})

test('a write that finds its topic only after the stop has begun is rejected', async (t) => {
  const topic = new MemoryTopic()
  const found = gate()
  topic.prepared = () => found.opened
  const { log } = openLog(t, topic)
  await log.start()
  const write = log.write([{ key: 'a', value: '1' }])
  const stop = log.stop()
  found.open()
  await assert.rejects(write, { message: 'The log of topic state was stopped' })
  await stop
  assert.deepEqual(topic.partitions, [[]])
})

test('a log that was not started rejects reads and writes, but can be stopped', async (t) => {
  const { log } = openLog(t, new MemoryTopic())
  await assert.rejects(log.write([{ key: 'a', value: '1' }]), TypeError)
  await assert.rejects(log.readToEnd(SOON_MS), TypeError)
  await log.stop()
})

test('stop closes the writer, then the reader, then the clients', async (t) => {
  const topic = new MemoryTopic()
  const { log } = openLog(t, topic)
  await log.start()
  await log.stop()
  await settle()
  assert.deepEqual(topic.asked.slice(-3), ['close producer', 'close fetcher', 'close'])
})

test('a missing topic is created with the settings of its store', async (t) => {
  const topic = new MemoryTopic()
  topic.exists = false
  await openLog(t, topic).log.start()
  assert.equal(topic.asked[0], 'create state 1 {"cleanup.policy":"compact"}')
})

test('a missing topic that must not be created counts as empty', async (t) => {
  const topic = new MemoryTopic()
  topic.exists = false
  const { log, applied } = openLog(t, topic, { settings: { create: false } })
  await log.start()
  await log.readToEnd(SOON_MS)
  assert.deepEqual([applied, topic.exists], [[], false])
})

test('a topic that is not compacted is rejected, and the error names its setting and where to change it', async (t) => {
  const topic = new MemoryTopic()
  topic.policy = ['compact', 'delete']
  for (const [place, words] of [
    ['worker', 'Connect worker configurations'],
    ['connector', 'configuration of the connector'],
  ] as const) {
    await assert.rejects(openLog(t, topic, { settings: { place } }).log.start(), {
      code: 'HR_CONFIG_INVALID',
      configKey: 'config.storage.topic',
      message: new RegExp(`cleanup.policy=compact,delete.*${words}`),
    })
  }
})

test('a topic with an unreadable policy is accepted; the policy of a concurrently created topic is checked', async (t) => {
  const hidden = new MemoryTopic()
  hidden.policy = undefined
  await openLog(t, hidden).log.start()

  const raced = new MemoryTopic()
  raced.exists = false
  raced.creation = 'exists'
  raced.policy = ['delete']
  await assert.rejects(openLog(t, raced).log.start(), { code: 'HR_CONFIG_INVALID' })
})

test('start waits until each partition has a leader, and rejects a wrong number of partitions', async (t) => {
  const slow = new MemoryTopic()
  slow.add('a', '1')
  slow.leaderless = 2
  const { log, applied } = openLog(t, slow)
  await log.start()
  assert.deepEqual(applied, ['0@0 a=1'])

  await assert.rejects(openLog(t, new MemoryTopic(3), { settings: { exactPartitions: 1 } }).log.start(), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'config.storage.topic',
    message: /required to have a single partition.*but found 3 partitions/,
  })
})

test('a log that is stopped while it starts closes everything, and the start rejects', async (t) => {
  const topic = new MemoryTopic()
  const opening = gate<LogStorage>()
  const { log } = openLog(t, topic, { open: () => opening.opened })
  const started = assert.rejects(log.start(), /was stopped/)
  const stopped = log.stop()
  opening.open(topic.storage())
  await Promise.all([started, stopped])
  assert.deepEqual(topic.asked, ['close'])
})
