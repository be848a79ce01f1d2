import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, type SourceRecord } from '../../../../api/index.ts'
import { RecordGate } from '../record-gate.ts'

const recordOf = (value: string): SourceRecord =>
  sourceRecord({ topic: 't', sourcePartition: null, sourceOffset: null, value })

/** A gate whose batches are complete when the test says so. */
function gate() {
  const passed: string[] = []
  const waiting: { resolve(bytes: number): void; reject(reason: Error): void }[] = []
  let incomplete = true
  const records = new RecordGate<string>(
    (batch, bytes) => void passed.push(`${batch.map(({ value }) => String(value)).join()} ${bytes}`),
    () => {
      if (!incomplete) return undefined
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    'start',
  )
  return {
    records,
    passed,
    pass: (value: string) => records.pass([recordOf(value)], 10, () => `after ${value}`),
    /** Completes the oldest batch, which grows by so many bytes. */
    complete: (bytes: number) => waiting.shift()?.resolve(bytes),
    fail: (reason: Error) => waiting.shift()?.reject(reason),
    completeAtOnce() {
      incomplete = false
    },
  }
}

test('without anything to complete, batches are passed on at once', () => {
  const passed: number[] = []
  const records = new RecordGate((batch) => void passed.push(batch.length), undefined, null)
  assert.equal(
    records.pass([recordOf('a')], 1, () => assert.fail('not needed')),
    undefined,
  )
  assert.deepEqual(passed, [1])
  assert.equal(records.waits, false)
})

test('a batch that is complete is passed on at once', () => {
  const { pass, passed, completeAtOnce } = gate()
  completeAtOnce()
  assert.equal(pass('a'), undefined)
  assert.deepEqual(passed, ['a 10'])
})

test('a batch waits until it is complete, and counts the bytes that it has grown by', async () => {
  const { records, pass, passed, complete } = gate()
  const done = pass('a')
  assert.deepEqual([passed, records.waits], [[], true])
  complete(5)
  await done
  assert.deepEqual([passed, records.waits], [['a 15'], false])
})

test('no batch overtakes another one', async () => {
  const { pass, passed, complete, completeAtOnce } = gate()
  const first = pass('a')
  completeAtOnce()
  const second = pass('b')
  assert.deepEqual(passed, [])
  complete(0)
  await Promise.all([first, second])
  assert.deepEqual(passed, ['a 10', 'b 10'])
})

test('settled waits for the batches so far', async () => {
  const { records, pass, passed, complete } = gate()
  void pass('a')
  const settled = records.settled()
  complete(0)
  await settled
  assert.deepEqual(passed, ['a 10'])
  assert.equal(records.settled(), undefined)
})

test('after a batch that cannot be completed, no other one is passed on', async () => {
  const { records, pass, passed, complete, fail, completeAtOnce } = gate()
  const first = pass('a')
  complete(0)
  await first
  const lost = assert.rejects(async () => pass('b'), /connection lost/)
  const later = assert.rejects(async () => pass('c'), /connection lost/)
  fail(new Error('connection lost'))
  complete(0)
  await Promise.all([lost, later])
  completeAtOnce()
  await assert.rejects(async () => pass('d'), /connection lost/)
  await assert.rejects(async () => records.settled(), /connection lost/)
  assert.deepEqual(passed, ['a 10'])
  assert.deepEqual([records.lostAfter, records.waits], ['after a', true])
})

test('the place to continue is unknown until a batch is lost', async () => {
  const { records, pass, fail } = gate()
  const lost = assert.rejects(async () => pass('a'), /lost/)
  assert.equal(records.lostAfter, undefined)
  fail(new Error('lost'))
  await lost
  assert.equal(records.lostAfter, 'start')
})
