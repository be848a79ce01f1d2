import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gate, settle } from '../../../timing/test/gate.ts'
import { LeaderWriter } from '../leader-writer.ts'
import { FakeTransactions } from './fake-transactions.ts'

const never = new AbortController().signal
const entry = (key: string) => ({ key, value: '{}' })
const fenced = {
  code: 'HR_WRITE_FENCED',
  message:
    'Failed to write to config topic; this may be due to a transient error and the request can be safely retried',
}

test('the entries of a write are committed in one transaction, and its position is known', async () => {
  const brokers = new FakeTransactions()
  const writer = new LeaderWriter('configs', brokers.open)
  await writer.claim(never)
  const first = await writer.write([entry('target-state-c'), entry('connector-c')], never)
  const second = await writer.write([entry('session-key')], never)

  assert.deepEqual(brokers.committed, [['target-state-c', 'connector-c'], ['session-key']])
  assert.deepEqual([first.get(0), second.get(0)], [2, 3])
})

test('a leader writes nothing before it has claimed the privileges', async () => {
  const brokers = new FakeTransactions()
  const writer = new LeaderWriter('configs', brokers.open)

  assert.equal(writer.claimed, false)
  await assert.rejects(writer.write([entry('a')], never), (error: Error) => {
    assert.match(String(error.cause), /without claiming write privileges first/)
    return (error as { code?: string }).code === 'HR_WRITE_FENCED'
  })
  assert.deepEqual(brokers.heard, [])
})

test('another leader fences this one, which can write again after a new claim', async () => {
  const brokers = new FakeTransactions()
  const [old, current] = [
    new LeaderWriter('configs', brokers.open),
    new LeaderWriter('configs', brokers.open),
  ]
  await old.claim(never)
  await current.claim(never)

  await assert.rejects(old.write([entry('zombie')], never), fenced)
  assert.equal(old.claimed, false)
  await current.write([entry('a')], never)
  await old.claim(never)
  await old.write([entry('b')], never)

  assert.deepEqual(brokers.committed, [['a'], ['b']])
  assert.deepEqual(brokers.heard, ['init 1', 'init 2', 'close 1', 'init 3'])
})

test('writes that wait for another one share a transaction', async () => {
  const brokers = new FakeTransactions()
  const writer = new LeaderWriter('configs', brokers.open)
  await writer.claim(never)
  const first = gate()
  brokers.committing = () => first.opened
  const before = writer.write([entry('a')], never)
  await settle()
  const [b, c] = [writer.write([entry('b')], never), writer.write([entry('c')], never)]
  first.open()
  await before

  assert.deepEqual([(await b).get(0), (await c).get(0)], [2, 3])
  assert.deepEqual(brokers.committed, [['a'], ['b', 'c']])
})

test('a write that fails fails those that wait for it too', async () => {
  const brokers = new FakeTransactions()
  const writer = new LeaderWriter('configs', brokers.open)
  await writer.claim(never)
  const first = gate()
  brokers.committing = () => first.opened
  const writes = [writer.write([entry('a')], never), writer.write([entry('b')], never)]
  first.break(new RangeError('no broker'))

  for (const write of writes) await assert.rejects(write, fenced)
  assert.deepEqual(brokers.committed, [])
})

test('a write that takes too long gives the privileges up', async () => {
  const brokers = new FakeTransactions()
  const writer = new LeaderWriter('configs', brokers.open)
  await writer.claim(never)
  const late = new AbortController()
  brokers.committing = async () => late.abort(new RangeError('too late'))

  await assert.rejects(writer.write([entry('a')], late.signal), fenced)
  assert.equal(writer.claimed, false)
})

test('a claim that fails closes its producer and can be repeated', async () => {
  const brokers = new FakeTransactions()
  const writer = new LeaderWriter('configs', brokers.open)
  brokers.initFailure = new RangeError('not authorized')
  await assert.rejects(writer.claim(never), RangeError)
  brokers.initFailure = undefined
  await writer.claim(never)

  assert.equal(writer.claimed, true)
  await writer.close()
  assert.deepEqual(brokers.heard, ['close -1', 'init 1', 'close 1'])
})
