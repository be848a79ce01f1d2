import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Props } from '../../../../api/index.ts'
import type { NewTopic, TopicAdmin, TopicCreation } from '../../../kafka/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { topicGroups, TopicPreparer } from '../topic-creation.ts'
import { FakeProducer } from './fake-producer.ts'

const signal: AbortSignal = new AbortController().signal

const defaults = {
  'topic.creation.default.replication.factor': '1',
  'topic.creation.default.partitions': '2',
}

const groups = {
  ...defaults,
  'topic.creation.groups': 'logs, other',
  'topic.creation.logs.include': 'log-.*, l\\d',
  'topic.creation.logs.exclude': 'log-private',
  'topic.creation.logs.partitions': '7',
  'topic.creation.logs.cleanup.policy': 'compact',
  'topic.creation.other.include': 'other',
}

/** The group that a topic belongs to, and its creation settings. */
function created(props: Props, topic: string) {
  const group = topicGroups(props)?.find((candidate) => candidate.matches(topic))
  const { partitions, replicationFactor, configs } = group?.newTopic(topic) ?? {}
  return [group?.name, partitions, replicationFactor, configs]
}

test('without topic creation settings, the broker creates topics', () => {
  assert.equal(topicGroups({ 'topic': 't', 'topic.creation': 'x' }), undefined)
})

test('a topic belongs to the first group whose patterns match the entire name, otherwise to the default', () => {
  assert.deepEqual(created(groups, 'log-a'), ['logs', 7, 1, { 'cleanup.policy': 'compact' }])
  assert.deepEqual(created(groups, 'l5'), ['logs', 7, 1, { 'cleanup.policy': 'compact' }])
  assert.deepEqual(created(groups, 'other'), ['other', 2, 1, {}])
  for (const topic of ['log-private', 'a-log-a', 'l55'])
    assert.deepEqual(created(groups, topic), ['default', 2, 1, {}])
})

test('-1 means the default of the broker, and the error for other numbers below 1 names the full key', () => {
  const key = 'topic.creation.default.partitions'
  assert.deepEqual(created({ ...defaults, [key]: '-1' }, 't'), ['default', -1, 1, {}])
  assert.throws(() => topicGroups({ ...defaults, [key]: '0' }), { configKey: key, message: new RegExp(key) })
  assert.throws(() => topicGroups({ [key]: '1' }), { configKey: 'topic.creation.default.replication.factor' })
})

test('an invalid pattern is rejected', () => {
  assert.throws(() => topicGroups({ ...groups, 'topic.creation.logs.include': '(a' }), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'topic.creation.logs.include',
  })
})

function preparer(existing: readonly string[], creation: TopicCreation) {
  const made: NewTopic[] = []
  const admin = {
    existing: async (topics: readonly string[]) => topics.filter((topic) => existing.includes(topic)),
    create: async (topic: NewTopic) => {
      made.push(topic)
      return creation
    },
  } as unknown as TopicAdmin // only these methods are called
  const producer = new FakeProducer()
  const topics = new TopicPreparer(topicGroups(defaults), async () => admin, producer, silentLogger)
  return { topics, made, producer }
}

test('a missing topic is created and prepared', async () => {
  const { topics, made, producer } = preparer([], 'created')
  await topics.create('t', signal)
  await topics.findPartitions('t', signal)

  assert.deepEqual(made, [{ topic: 't', partitions: 2, replicationFactor: 1, configs: {} }])
  assert.deepEqual([topics.isReady('t'), producer.prepared], [true, ['t']])
})

test('an existing topic is left unchanged', async () => {
  const { topics, made } = preparer(['t'], 'created')
  await topics.create('t', signal)
  await topics.findPartitions('t', signal)

  assert.deepEqual([made, topics.isReady('t')], [[], true])
})

test('a topic that may not be created is an error with the message of Kafka Connect', async () => {
  const { topics } = preparer([], 'not-permitted')

  await assert.rejects(topics.create('t', signal), {
    message: /^Task failed to create new topic t\. Ensure that the task/,
  })
  assert.equal(topics.isReady('t'), false)
})

test('an error for a setting that the default group lacks names the default group', () => {
  assert.throws(() => topicGroups({ 'topic.creation.groups': 'g,h' }), {
    code: 'HR_CONFIG_INVALID',
    message: /topic\.creation\.default\.replication\.factor/,
  })
})
