import assert from 'node:assert/strict'
import { test } from 'node:test'
import { throttleMs } from '../kafkajs.ts'

const FETCH = 1
const PRODUCE = 0
const OFFSET_DELETE = 47

test('the throttle time is read from its place in the response', () => {
  assert.equal(throttleMs(FETCH, Buffer.from([0, 0, 0, 7, 9, 9, 9, 9, 9])), 7)
  assert.equal(throttleMs(PRODUCE, Buffer.from([9, 9, 9, 9, 9, 0, 0, 0, 7])), 7)
  assert.equal(throttleMs(OFFSET_DELETE, Buffer.from([0, 16, 0, 0, 0, 7, 9, 9])), 7)
})

test('a response that is too short for a throttle time counts as not throttled', () => {
  for (const apiKey of [FETCH, PRODUCE]) {
    for (const length of [0, 3]) assert.equal(throttleMs(apiKey, Buffer.alloc(length, 1)), 0)
  }
  assert.equal(throttleMs(OFFSET_DELETE, Buffer.alloc(5, 1)), 0)
})
