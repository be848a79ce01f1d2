import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamParameters } from '../stream-phase.ts'

const config = { 'publication.name': 'My "pub"', 'slot.stream.params': null }

test('the stream has protocol version 1, and logical messages where the server has them', () => {
  assert.deepEqual(streamParameters(config, 130_000), {
    proto_version: '1',
    publication_names: '"My ""pub"""',
  })
  assert.equal(streamParameters(config, 140_000)['messages'], 'true')
})

test('slot.stream.params adds options and replaces those of the connector', () => {
  const params = { ...config, 'slot.stream.params': ' origin = none ;messages=false;' }
  const { origin, messages } = streamParameters(params, 150_000)
  assert.deepEqual({ origin, messages }, { origin: 'none', messages: 'false' })
})
