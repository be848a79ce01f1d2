import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionOffset, SinkTask } from '../../api/index.ts'
import { assertFailsWithoutLoss } from '../breakdown.ts'

const at = (offset: number): PartitionOffset[] => [{ topic: 't', partition: 0, offset }]
const failing = () => Promise.reject(new Error('the connection is closed'))

/** Checks a sink that accepts records until its `put` fails. */
function check(
  task: Partial<SinkTask>,
  changes: { failures?: unknown[]; putAgain?: () => Promise<void> } = {},
) {
  const sink: SinkTask = { put: () => {}, ...task }
  return assertFailsWithoutLoss({
    task: sink,
    failures: [],
    put: () => sink.put([], new AbortController().signal),
    putAgain: async () => {},
    first: at(5),
    next: at(8),
    ...changes,
  })
}

test('a sink that fails in put, in flush, in a later put or with context.fail passes', async () => {
  await check({ put: failing })
  await check({ flush: failing })
  await check({ preCommit: async () => at(5) }, { putAgain: failing })
  await check(
    { preCommit: async (offsets) => offsets },
    { failures: [new Error('the connection is closed')] },
  )
})

test('a sink that confirms records while it only buffers them is detected, even if it fails later', async () => {
  const lost = /confirmed of records that were put after the breakdown/
  await assert.rejects(check({ preCommit: async (offsets) => offsets }, { putAgain: failing }), lost)
  await assert.rejects(check({}, { putAgain: failing }), lost)
  await assert.rejects(check({ flush: async () => {} }, { putAgain: failing }), lost)
})

test('a sink that does not fail is detected', async () => {
  await assert.rejects(check({ preCommit: async () => at(5) }), /no call has thrown/)
})
