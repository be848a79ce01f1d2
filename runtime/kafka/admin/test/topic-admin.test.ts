import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectError } from '../../../../api/index.ts'
import { WireReader, WireWriter } from '../../connection/wire.ts'
import type { RawRequest } from '../../connection/kafkajs.ts'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { TopicAdmin, type CreationLimits } from '../topic-admin.ts'

const INVALID_TOPIC = 17
const TOPIC_ALREADY_EXISTS = 36
const INVALID_REPLICATION_FACTOR = 38
const INVALID_CONFIG = 40
const NOT_CONTROLLER = 41
const TOPIC_AUTHORIZATION_FAILED = 29

const tooFew = 'The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.'

/** Creates topic `t` with brokers that return the given responses in order and then repeat the last one. */
function create(
  answers: readonly (readonly [code: number, message: string | null])[],
  limits: CreationLimits = {},
) {
  const requests: RawRequest[] = []
  const cluster = new FakeCluster({
    topics: {},
    send: async (_nodeId, request) => {
      const [code, message] = answers[Math.min(requests.length, answers.length - 1)] ?? [0, null]
      requests.push(request)
      return new WireWriter()
        .int32(0)
        .array(['t'], (writer, topic) => writer.string(topic).int16(code).string(message))
        .finish()
    },
  })
  const topic = { topic: 't', partitions: 2, replicationFactor: 3, configs: { 'retention.ms': '5' } }
  return { created: new TopicAdmin(cluster).create(topic, limits), requests, cluster }
}

test('a topic is created with its size and settings', async () => {
  const { created, requests } = create([[0, null]])
  assert.equal(await created, 'created')

  const reader = new WireReader(Buffer.concat(requests[0]?.body ?? []))
  const topics = reader.array((item) => [
    item.string(),
    item.int32(),
    item.int16(),
    item.array(() => 'assignment'),
    item.array((entry) => [entry.string(), entry.nullableString()]),
  ])
  assert.deepEqual(topics, [['t', 2, 3, [], [['retention.ms', '5']]]])
  assert.deepEqual([reader.int32() > 0, reader.boolean(), reader.atEnd], [true, false, true])
})

test('an existing topic and a lack of permission to create one are not errors', async () => {
  assert.equal(await create([[TOPIC_ALREADY_EXISTS, "Topic 't' already exists."]]).created, 'exists')
  assert.equal(await create([[TOPIC_AUTHORIZATION_FAILED, null]]).created, 'not-permitted')
})

test('a rejected topic is an error with the message of the broker', async () => {
  const cases = [
    [INVALID_REPLICATION_FACTOR, tooFew, 'InvalidReplicationFactorException'],
    [INVALID_CONFIG, 'Unknown topic config name: foo.bar', 'InvalidConfigurationException'],
    [INVALID_TOPIC, 'Topic name is invalid', 'InvalidTopicException'],
  ] as const
  for (const [code, message, javaClass] of cases) {
    const { created, requests } = create([[code, message]])
    await assert.rejects(created, (error: ConnectError) => {
      assert.deepEqual(
        [error.code, error.message],
        ['HR_KAFKA_REFUSED', `Unable to create topic(s) 't': ${message}`],
      )
      assert.equal((error.cause as ConnectError).javaClass, `org.apache.kafka.common.errors.${javaClass}`)
      return true
    })
    assert.equal(requests.length, 1, message)
  }
})

test('if there are too few brokers, topic creation waits a limited time for more', async () => {
  const answers = [
    [INVALID_REPLICATION_FACTOR, tooFew],
    [INVALID_REPLICATION_FACTOR, tooFew],
    [0, null],
  ] as const
  const patient = create(answers, { brokersStartMs: 60_000 })
  assert.equal(await patient.created, 'created')
  assert.equal(patient.requests.length, answers.length)
  await assert.rejects(create(answers.slice(0, 1), { brokersStartMs: 5 }).created, {
    code: 'HR_KAFKA_REFUSED',
    message: `Unable to create topic(s) 't': ${tooFew}`,
  })
})

test('the client looks up the controller again after NOT_CONTROLLER', async () => {
  const { created, cluster } = create([
    [NOT_CONTROLLER, null],
    [0, null],
  ])
  assert.equal(await created, 'created')
  assert.ok(cluster.refreshes > 1)
})
