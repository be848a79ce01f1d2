import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Generations } from '../generations.ts'

test('a flush waits for what was added before it, and for nothing that is added later', () => {
  const generations = new Generations()
  generations.add()
  const before = generations.end()
  generations.add()
  const later = generations.current
  assert.equal(generations.isSettled(before), false)
  generations.settle(before)
  assert.equal(generations.isSettled(before), true)
  assert.equal(generations.isSettled(later), false)
})

test('flushes without additions between them wait for the same, and begin nothing new', () => {
  const generations = new Generations()
  assert.equal(generations.isSettled(generations.end()), true)
  generations.add()
  const flushed = generations.end()
  const { current } = generations
  for (let count = 0; count < 3; count++) assert.equal(generations.end(), flushed)
  assert.equal(generations.current, current)
  generations.settle(flushed)
  assert.equal(generations.isSettled(generations.end()), true)
})
