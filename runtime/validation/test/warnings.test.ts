import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Props } from '../../../api/index.ts'
import type { ConfigInfos } from '../config-infos.ts'
import { boundaryWarnings, settingWarnings } from '../warnings.ts'

const known = [
  'name',
  'connector.class',
  'topic',
  'transforms',
  'errors.retry.timeout',
  'errors.retry.delay.max.ms',
]
const infos = {
  name: '',
  error_count: 0,
  groups: [],
  configs: known.map((name) => ({ definition: { name }, value: null })),
} as unknown as ConfigInfos // warnings use only the names

const warn = (props: Props) =>
  settingWarnings('source', props, infos).map(({ name, message }) => [name, message])

test('the warning about a misspelt setting suggests the correct one', () => {
  assert.deepEqual(warn({ topc: 'x', topic: 't' }), [['topc', 'No such setting; did you mean topic?']])
})

test('a deprecated setting that is set has one warning, which names what to use instead', () => {
  const definition = { name: 'topic', deprecated: 'topics' }
  const old = { ...infos, configs: [{ definition, value: null }] } as unknown as ConfigInfos

  assert.deepEqual(settingWarnings('source', { topic: 't' }, old), [
    { name: 'topic', message: 'Deprecated: use topics instead' },
  ])
  assert.deepEqual(settingWarnings('source', {}, old), [])
})

test('a setting that requires another one causes a warning if that is not set', () => {
  const props = { 'errors.retry.delay.max.ms': '5' }

  assert.match(warn(props)[0]?.[1] ?? '', /requires errors\.retry\.timeout/)
  assert.deepEqual(warn({ ...props, 'errors.retry.timeout': '1000' }), [])
})

test('overrides of unused clients and settings of unlisted steps have no effect', () => {
  const names = warn({
    'consumer.override.max.poll.records': '1',
    'producer.override.acks': 'all',
    'transforms': 'a',
    'transforms.b.type': 'X',
  })

  assert.deepEqual(names, [
    [
      'consumer.override.max.poll.records',
      'No effect: sources use a consumer only with offsets.storage.topic',
    ],
    ['transforms.b.type', 'No effect: transforms does not contain b'],
  ])
})

test('a source with its own offset topic uses a consumer', () => {
  const names = warn({ 'offsets.storage.topic': 't', 'consumer.override.fetch.min.bytes': '1' })
  assert.deepEqual(
    names.filter(([name]) => name?.startsWith('consumer.')),
    [],
  )
})

test('settings of unlisted topic groups, and patterns of the default group, have no effect', () => {
  const names = warn({
    'topic.creation.groups': 'logs',
    'topic.creation.logs.partitions': '3',
    'topic.creation.log.partitions': '3',
    'topic.creation.default.include': 'a.*',
  })

  assert.deepEqual(names.slice(1), [
    ['topic.creation.log.partitions', 'No effect: topic.creation.groups does not contain log'],
    [
      'topic.creation.default.include',
      'No effect: the default group applies to all topics that match no other group',
    ],
  ])
})

test('transaction boundaries have no effect without exactly-once support of the worker, unless they are the default', () => {
  const worker = { 'group.id': 'g', 'exactly.once.source.support': 'Enabled' }
  const props = { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '100' }
  const names = (own: Props, of: Props) => boundaryWarnings(own, of).map(({ name }) => name)
  assert.deepEqual(names(props, {}), ['transaction.boundary', 'transaction.boundary.interval.ms'])
  assert.deepEqual(names(props, worker), [])
  assert.deepEqual(names({ 'transaction.boundary': 'POLL' }, {}), [])
})

test('the transactional id of a producer has no effect', () => {
  assert.deepEqual(warn({ 'producer.override.transactional.id': 'x' }), [
    [
      'producer.override.transactional.id',
      'No effect: the id is derived from the names of the worker group, the connector and the task',
    ],
  ])
})

test('a connector name that the REST API cannot address causes a warning that shows the character', () => {
  assert.deepEqual(warn({ name: 'a/b' }), [
    ['name', "The REST API cannot address the connector, not even to delete it: its name contains '/'"],
  ])
  assert.deepEqual(warn({ name: 'a b' }), [])
})
