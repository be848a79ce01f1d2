import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStatusStore } from '../../../stores/index.ts'
import { StatusReporter } from '../status-reporter.ts'

/** A connector and its task. */
const items = [
  { connector: 'c', task: null },
  { connector: 'c', task: 0 },
]

test('work that no worker may run is UNASSIGNED with the reason, which is written once', () => {
  const statuses = new MemoryStatusStore()
  const reporter = new StatusReporter(statuses, 'w:1', () => 1)
  reporter.unplaced(items, (connector) => `no worker for ${connector}`)
  for (const status of [statuses.connector('c'), statuses.task({ connector: 'c', task: 0 })])
    assert.deepEqual([status?.state, status?.trace], ['UNASSIGNED', 'no worker for c'])

  let changes = 0
  statuses.onChange(() => changes++)
  reporter.unplaced(items, (connector) => `no worker for ${connector}`)
  assert.equal(changes, 0)
  reporter.unplaced(items, () => 'another reason')
  assert.equal(changes, 2)
})
