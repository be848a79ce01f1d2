import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permittedTopicGroups } from '../topic-groups.ts'

const creation = {
  'topic.creation.default.partitions': '2',
  'topic.creation.default.replication.factor': '1',
}

test('topics are created with the settings of the connector if the worker allows it', () => {
  const names = permittedTopicGroups({}, creation)?.map(({ name }) => name)
  assert.deepEqual(names, ['default'])
  assert.equal(permittedTopicGroups({ 'topic.creation.enable': ' FALSE ' }, creation), undefined)
})

test('topic settings are ignored if the worker does not allow topic creation', () => {
  const broken = { 'topic.creation.default.partitions': 'none' }
  assert.throws(() => permittedTopicGroups({}, broken), /topic\.creation\.default\./)
  assert.equal(permittedTopicGroups({ 'topic.creation.enable': 'false' }, broken), undefined)
})
