import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataStreamNameOfTopic, indexNameFault, indexNameOfTopic } from '../index-names.ts'

test('names of indexes are made from topics as in Java', () => {
  assert.equal(indexNameOfTopic('UPPERCASE'), 'uppercase')
  assert.equal(indexNameOfTopic('0'.repeat(256)), '0'.repeat(255))
  assert.equal(indexNameOfTopic('-dash'), 'dash')
  assert.equal(indexNameOfTopic('_underscore'), 'underscore')
  assert.equal(indexNameOfTopic('_-both'), '-both')
  assert.equal(indexNameOfTopic('.'), 'dot')
  assert.equal(indexNameOfTopic('..'), 'dotdot')
  assert.equal(indexNameOfTopic('-.'), 'dot')
  assert.equal(indexNameOfTopic('.hidden'), '.hidden')
})

test('names of data streams are made from topics as in Java', () => {
  const of = (topic: string, namespace = '${topic}') =>
    dataStreamNameOfTopic(topic, { type: 'logs', dataset: 'a_valid_dataset', namespace })
  assert.equal(of('-dash'), 'logs-a_valid_dataset--dash')
  assert.equal(of('_underscore'), 'logs-a_valid_dataset-_underscore')
  assert.equal(of('UPPERCASE'), 'logs-a_valid_dataset-uppercase')
  assert.equal(of('0'.repeat(101)), `logs-a_valid_dataset-${'0'.repeat(100)}`)
  assert.equal(
    of('a_valid_topic', 'a_valid_prefix_${topic}'),
    'logs-a_valid_dataset-a_valid_prefix_a_valid_topic',
  )
  assert.equal(of('t', '${topic}.${topic}'), 'logs-a_valid_dataset-t.t')
  assert.equal(of('ignored', 'default'), 'logs-a_valid_dataset-default')
})

test('a name that the server refuses has a reason', () => {
  for (const name of ['orders', '.hidden', 'a-b_c.1', 'köln', 'a'.repeat(255)]) {
    assert.equal(indexNameFault(name), undefined, name)
  }
  assert.equal(indexNameFault(''), 'it is empty')
  assert.equal(indexNameFault('..'), 'it has only dots')
  assert.equal(indexNameFault('+a'), "it starts with '+'")
  assert.equal(indexNameFault('a b'), 'it contains " "')
  assert.equal(indexNameFault('A'), 'it has upper-case letters')
  for (const character of String.raw`\/*?"<>| ,#:`) assert.match(indexNameFault(`a${character}`)!, /contains/)
  assert.equal(indexNameFault('ö'.repeat(128)), 'it has 256 bytes, and at most 255 are possible')
})
