import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectorBoundary, intervalBoundary, pollBoundary } from '../transaction-boundary.ts'

test('a batch is committed unless the next one follows sooner than a commit would take', () => {
  const dueAfter = (lastCommitMs: number) => pollBoundary.dueAt({ begunAt: 1000, sentAt: 1001, lastCommitMs })
  assert.deepEqual([dueAfter(0), dueAfter(10)], [1003, 1011])
})

test('batches that follow each other share a transaction for a few times as long as a commit takes', () => {
  const endOf = (lastCommitMs: number) => pollBoundary.dueAt({ begunAt: 1000, sentAt: 9000, lastCommitMs })
  assert.deepEqual([endOf(0), endOf(50), endOf(10_000)], [1200, 1400, 2000])
})

test('an interval is measured from the first record of the transaction', () => {
  assert.equal(intervalBoundary(500).dueAt({ begunAt: 1000, sentAt: 1400, lastCommitMs: 1 }), 1500)
})

test('a task that defines its transactions is never interrupted, and nothing is committed for it at the end', () => {
  assert.equal(connectorBoundary.dueAt({ begunAt: 0, sentAt: 0, lastCommitMs: 0 }), Infinity)
  assert.equal(connectorBoundary.endsWithTask, false)
})
