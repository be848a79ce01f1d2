import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDistributedConfig } from '../../../../config/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { connectorOffsetTopic, storageTopic } from '../storage-topic.ts'

const props = {
  'bootstrap.servers': 'localhost:9092',
  'group.id': 'cluster',
  'config.storage.topic': 'configs',
  'config.storage.replication.factor': '2',
  'config.storage.partitions': '4',
  'offset.storage.topic': 'offsets',
  'offset.storage.partitions': '7',
  'offset.storage.replication.factor': '1',
  'offset.storage.file.filename': '/tmp/offsets',
  'offset.storage.min.insync.replicas': '2',
  'offset.storage.cleanup.policy': 'delete',
  'status.storage.topic': 'statuses',
  'key.converter': 'String',
  'value.converter': 'String',
}
const config = parseDistributedConfig(props)

test('settings of the worker are not topic configs, others of the same prefix are', () => {
  const { topic, partitions, replicationFactor, configs } = storageTopic(
    'offset',
    config,
    props,
    silentLogger,
  )

  assert.deepEqual([topic, partitions, replicationFactor], ['offsets', 7, 1])
  assert.deepEqual(configs, { 'min.insync.replicas': '2', 'cleanup.policy': 'compact' })
})

test('the config topic has one partition, whatever the settings', () => {
  const topic = storageTopic('config', config, props, silentLogger)

  assert.deepEqual([topic.partitions, topic.exactPartitions, topic.replicationFactor], [1, 1, 2])
  assert.deepEqual(topic.configs, { 'cleanup.policy': 'compact' })
})

test('the offsets topic of a connector is created like that of the worker', () => {
  const own = connectorOffsetTopic('own-offsets', config, props, silentLogger)
  const { topic, setting, place, ...rest } = own
  const {
    topic: _topic,
    setting: _setting,
    ...ofWorker
  } = storageTopic('offset', config, props, silentLogger)

  assert.deepEqual([topic, setting, place], ['own-offsets', 'offsets.storage.topic', 'connector'])
  assert.deepEqual(rest, ofWorker)
})
