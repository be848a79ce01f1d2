import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permittedTopicGroups } from '../topic-groups.ts'

const creation = {
  'topic.creation.default.partitions': '2',
  'topic.creation.default.replication.factor': '1',
}

test('topics are created as a connector says, where the worker lets it', () => {
  const names = permittedTopicGroups({}, creation)?.map(({ name }) => name)
  assert.deepEqual(names, ['default'])
  assert.equal(permittedTopicGroups({ 'topic.creation.enable': ' FALSE ' }, creation), undefined)
})

test('settings of topics are not looked at where the worker does not let connectors create any', () => {
  const broken = { 'topic.creation.default.partitions': 'none' }
  assert.throws(() => permittedTopicGroups({}, broken), /topic\.creation\.default\./)
  assert.equal(permittedTopicGroups({ 'topic.creation.enable': 'false' }, broken), undefined)
})
