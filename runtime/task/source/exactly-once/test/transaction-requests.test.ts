import assert from 'node:assert/strict'
import { test } from 'node:test'
import { record } from './start-transactions.ts'
import { TransactionRequests } from '../transaction-requests.ts'

const [a, b, c] = [record('a', 1), record('b', 2), record('c', 3)]

test('a request for a batch is taken once', () => {
  const requests = new TransactionRequests()
  assert.equal(requests.takeBatch(), undefined)
  requests.commit()
  assert.equal(requests.takeBatch(), 'commit')
  assert.equal(requests.takeBatch(), undefined)
  requests.abort()
  assert.equal(requests.takeBatch(), 'abort')
})

test('a batch is divided after each record with a request, once', () => {
  const requests = new TransactionRequests()
  requests.commit(a)
  requests.abort(b)
  assert.deepEqual(requests.divide([a, b, c]), [
    { records: [a], end: 'commit' },
    { records: [b], end: 'abort' },
    { records: [c], end: undefined },
  ])
  assert.deepEqual(requests.divide([a, b]), [{ records: [a, b], end: undefined }])
})

test('a request for a record of a later batch is kept', () => {
  const requests = new TransactionRequests()
  requests.commit(c)
  assert.deepEqual(requests.divide([a, b]), [{ records: [a, b], end: undefined }])
  assert.deepEqual(requests.divide([c]), [{ records: [c], end: 'commit' }])
})

test('requests that contradict each other are rejected', () => {
  const requests = new TransactionRequests()
  requests.commit()
  requests.commit()
  requests.abort(a)
  const rejected = { code: 'HR_ILLEGAL_STATE' }
  assert.throws(() => requests.abort(), { ...rejected, message: /both commit and abort of the same batch/ })
  assert.throws(() => requests.commit(a), {
    ...rejected,
    message: /both commit and abort of the same record for partition null of topic out/,
  })
})
