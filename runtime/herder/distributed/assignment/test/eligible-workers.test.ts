import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Candidates, everyWorker } from '../eligible-workers.ts'

test('connectors with the same requirements have the same candidates, sorted by ID', () => {
  const zone = new Set(['3', '1', 'gone'])
  const candidates = new Candidates(['3', '2', '1'], (name) => (name === 'anywhere' ? undefined : zone))

  assert.deepEqual(candidates.of('a'), ['1', '3'])
  assert.equal(candidates.of('a'), candidates.of('b'))
  assert.deepEqual(candidates.of('anywhere'), ['1', '2', '3'])
  assert.deepEqual([candidates.allow('a', '1'), candidates.allow('a', '2')], [true, false])
})

test('every worker may run everything by default', () => {
  assert.deepEqual(new Candidates(['b', 'a'], everyWorker).of('x'), ['a', 'b'])
})
