import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topicNameFault } from '../topic-name.ts'

test('valid topic names have no fault', () => {
  for (const name of ['a', 'A.b_c-9', '...', 'x'.repeat(249)]) assert.equal(topicNameFault(name), undefined)
})

test('a topic name that Kafka rejects has a fault', () => {
  for (const name of ['', '.', '..', 'a b', 'a/b', 'ü', 'a\n', 'x'.repeat(250)]) {
    assert.notEqual(topicNameFault(name), undefined, name)
  }
})
