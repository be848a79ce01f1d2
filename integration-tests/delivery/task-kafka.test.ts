import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { KafkaRecord } from '../../api/index.ts'
import { Outages } from '../../runtime/kafka/index.ts'
import { TaskControl } from '../../runtime/task/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { unlimitedLease } from '../../runtime/timing/index.ts'
import { TaskKafkaClients } from '../../runtime/worker/host/setup/task-kafka.ts'
import { deleteTopics, sharedKafka, uniqueName } from '../services/index.ts'

/** The `kafka` of a task context, and the name of a topic for it. */
async function openTaskKafka(t: TestContext) {
  const bootstrap = await sharedKafka()
  const topic = uniqueName('task-kafka')
  const control = new TaskControl(false)
  const kafka = new TaskKafkaClients(
    { 'bootstrap.servers': bootstrap },
    {
      id: { connector: topic, task: 0 },
      connectorProps: {},
      control,
      lease: unlimitedLease(),
      log: silentLogger,
      outages: new Outages(silentLogger, () => {}),
    },
  )
  t.after(async () => {
    await kafka.close()
    await deleteTopics(bootstrap, [topic])
  })
  return { kafka, topic, control }
}

async function collect(batches: AsyncIterable<readonly KafkaRecord[]>): Promise<KafkaRecord[]> {
  const records: KafkaRecord[] = []
  for await (const batch of batches) records.push(...batch)
  return records
}

const valuesOf = (records: readonly KafkaRecord[]): string[] => records.map(({ value }) => String(value))

test('a task writes to a topic and reads it from the start, from an offset and from the end', async (t) => {
  const { kafka, topic } = await openTaskKafka(t)
  await kafka.ensureTopic({
    topic,
    partitions: 2,
    replicationFactor: 1,
    configs: { 'cleanup.policy': 'compact' },
  })
  await kafka.ensureTopic({ topic }) // it exists already
  assert.deepEqual(await collect(kafka.readTopic(topic, { from: 'earliest', untilEnd: true })), [])

  const headers = [{ key: 'h', value: 'x' }]
  await kafka.write(topic, [
    { key: 'k', value: 'a', partition: 0, timestamp: 5, headers },
    { key: 'k2', value: Buffer.from('b'), partition: 0 },
    { key: 'gone', value: null, partition: 1 },
  ])

  const all = await collect(kafka.readTopic(topic, { from: 'earliest', untilEnd: true }))
  const first = all.filter(({ partition }) => partition === 0)
  assert.deepEqual(first[0], {
    topic,
    partition: 0,
    offset: 0,
    timestamp: 5,
    key: Buffer.from('k'),
    value: Buffer.from('a'),
    headers: [{ key: 'h', value: Buffer.from('x') }],
  })
  assert.deepEqual(valuesOf(first), ['a', 'b'])
  assert.deepEqual([all.length, all.find(({ partition }) => partition === 1)?.value], [3, null])
  const behind = kafka.readTopic(topic, { from: new Map([[0, 1]]), untilEnd: true })
  assert.deepEqual(valuesOf(await collect(behind)), ['b'])
  assert.deepEqual(await collect(kafka.readTopic(topic, { from: 'latest', untilEnd: true })), [])
})

test('a task follows a topic until its signal is aborted', async (t) => {
  const { kafka, topic, control } = await openTaskKafka(t)
  await kafka.ensureTopic({ topic, partitions: 1, replicationFactor: 1 })
  await kafka.write(topic, [{ value: 'a' }])
  const seen: string[] = []
  for await (const batch of kafka.readTopic(topic, { from: 'earliest' })) {
    seen.push(...valuesOf(batch))
    if (seen.length === 1) await kafka.write(topic, [{ value: 'b' }])
    else control.stopSoftly()
  }

  assert.deepEqual(seen, ['a', 'b'])
})

test('a missing topic, a missing partition and a write after the end are rejected', async (t) => {
  const { kafka, topic } = await openTaskKafka(t)
  const read = (from: 'earliest' | ReadonlyMap<number, number>) =>
    collect(kafka.readTopic(topic, { from, untilEnd: true }))
  await assert.rejects(read('earliest'), { code: 'HR_KAFKA_REFUSED', message: /does not exist/ })

  await kafka.ensureTopic({ topic, partitions: 1, replicationFactor: 1 })
  await assert.rejects(read(new Map([[7, 0]])), { code: 'HR_KAFKA_REFUSED', message: /no partition 7/ })
  await kafka.close()
  await assert.rejects(kafka.write(topic, [{ value: 'a' }]), { code: 'HR_ILLEGAL_STATE' })
})
