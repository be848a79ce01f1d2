import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Props } from '../../../api/index.ts'
import type { ConfigInfos } from '../config-infos.ts'
import { settingWarnings } from '../warnings.ts'

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
} as unknown as ConfigInfos // warnings only look at names

const warn = (props: Props) =>
  settingWarnings('source', props, infos).map(({ name, message }) => [name, message])

test('a misspelt setting is told with what may have been meant', () => {
  assert.deepEqual(warn({ topc: 'x', topic: 't' }), [['topc', 'No such setting; did you mean topic?']])
})

test('settings that need another one are told when that is not set', () => {
  const props = { 'errors.retry.delay.max.ms': '5' }

  assert.match(warn(props)[0]?.[1] ?? '', /needs errors\.retry\.timeout/)
  assert.deepEqual(warn({ ...props, 'errors.retry.timeout': '1000' }), [])
})

test('overrides of clients that a connector has not, and of steps that are not listed, have no effect', () => {
  const names = warn({
    'consumer.override.max.poll.records': '1',
    'producer.override.acks': 'all',
    'transforms': 'a',
    'transforms.b.type': 'X',
  })

  assert.deepEqual(names, [
    ['consumer.override.max.poll.records', 'No effect: a source has no consumer'],
    ['transforms.b.type', 'No effect: transforms does not name b'],
  ])
})
