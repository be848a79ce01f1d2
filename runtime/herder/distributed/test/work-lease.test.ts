import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, Lease, now } from '../../../timing/index.ts'
import { WorkLease } from '../work-lease.ts'

const SESSION_MS = 10_000

function open() {
  const lease = new Lease()
  return { lease, work: new WorkLease(lease, SESSION_MS) }
}

test('the lease ends one session timeout after the coordinator was last asked', () => {
  const { lease, work } = open()
  const sentAt = now()
  work.applied()
  work.contacted(sentAt)
  assert.deepEqual(lease.end, later(sentAt, SESSION_MS))

  work.contacted(later(sentAt, -5)) // an answer that was late
  assert.deepEqual(lease.end, later(sentAt, SESSION_MS))
  work.contacted(later(sentAt, -SESSION_MS - 1))
  assert.equal(lease.held, true)
})

test('a worker that lost its membership holds no lease until it has applied its next assignment', () => {
  const { lease, work } = open()
  work.contacted(now())
  assert.equal(lease.held, false, 'it has no assignment yet')
  work.applied()
  assert.equal(lease.held, true)

  work.lost()
  assert.equal(lease.held, false)
  work.contacted(now())
  assert.equal(lease.held, false, 'it has joined, but may run work that it has lost')
  work.applied()
  assert.equal(lease.held, true)
})
