import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, type StoredOffset } from '../../../../api/index.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { Journal, plainCalls } from '../../test/task-parts.ts'
import { OffsetCommitter } from '../offset-committer.ts'
import { OffsetLedger } from '../offset-ledger.ts'

/** A committer whose store fails or waits as the test defines, with the calls of its task's hook. */
function startCommitter(committed: (offsets: readonly StoredOffset[]) => void | Promise<void>) {
  const ledger = new OffsetLedger({ written: () => {}, refused: () => undefined }, 'c-0')
  const journal = new Journal()
  const parts = {
    store: async () => {
      if (failing.now) throw new Error('no broker')
      if (unanswered.now) await new Promise<never>(() => {})
    },
    calls: plainCalls,
    lease: unlimitedLease(),
    settings: { flushIntervalMs: 60_000, flushTimeoutMs: 1 },
    metrics: newTaskMetrics(),
    log: journal.log,
  }
  const failing = { now: false }
  const unanswered = { now: false }
  const hard = new AbortController()
  const committer = new OffsetCommitter(ledger, { committed }, parts, hard.signal)
  /** Commits a record of `file` at `position`. */
  const commit = async (file?: string, position?: number, last?: boolean) => {
    if (file !== undefined && position !== undefined) {
      const record = sourceRecord({ topic: 't', sourcePartition: { file }, sourceOffset: { position } })
      ledger.open([record]).acknowledged(0, 1, 't', 0, 0)
    }
    await committer.commit(last)
  }
  return { commit, failing, unanswered, hard, journal }
}

const told = (offsets: readonly StoredOffset[]): string =>
  offsets
    .map(([partition, offset]) => `${String(partition?.['file'])}@${String(offset?.['position'])}`)
    .join(' ')

test('committed gets the stored offsets, or an empty list if there was nothing to store', async () => {
  const calls: string[] = []
  const { commit } = startCommitter((offsets) => void calls.push(told(offsets)))

  await commit('a', 1)
  await commit()
  await commit('a', 2)

  assert.deepEqual(calls, ['a@1', '', 'a@2'])
})

test('committed is not called after a failed commit, and then gets the offsets of the next one', async () => {
  const calls: string[] = []
  const { commit, failing } = startCommitter((offsets) => void calls.push(told(offsets)))

  failing.now = true
  await commit('a', 1)
  assert.deepEqual(calls, [])
  failing.now = false
  await commit('b', 5)

  assert.deepEqual(calls, ['a@1 b@5'])
})

test('committed gets the newest offsets of all commits that completed while it was running', async () => {
  const calls: string[] = []
  const first = gate()
  const { commit } = startCommitter((offsets) => {
    calls.push(told(offsets))
    return calls.length === 1 ? first.opened : undefined
  })

  await commit('a', 1)
  await commit('a', 2)
  await commit('b', 7)
  await commit('a', 3)
  assert.deepEqual(calls, ['a@1'])
  first.open()
  await settle()
  await commit()

  assert.deepEqual(calls, ['a@1', 'a@3 b@7'])
})

test('committed gets the same offsets again after it threw, unless newer ones are stored', async () => {
  const calls: string[] = []
  const { commit, journal } = startCommitter((offsets) => {
    calls.push(told(offsets))
    if (calls.length === 1) throw new Error('the source is away')
  })

  await commit('a', 1)
  await commit('b', 1)
  assert.deepEqual(calls, ['a@1', 'a@1 b@1'])
  await commit()

  assert.equal(calls[2], '')
  assert.deepEqual(journal.lines, ['committed() failed: the source is away'])
})

test('a commit that a stop by force interrupts is not logged: the owner of the task reports the stop', async () => {
  const { commit, unanswered, hard, journal } = startCommitter(() => {})
  unanswered.now = true
  const committed = commit('a', 1)
  hard.abort()
  await committed
  assert.deepEqual(journal.lines, [])
})

test('the failure of the last commit is always logged, with its consequence', async () => {
  const { commit, failing, journal } = startCommitter(() => {})
  failing.now = true
  await commit('a', 1)
  await commit('a', 2, true)
  assert.deepEqual(journal.lines, [
    'cannot store offsets; retrying with the next commit: no broker',
    'cannot store offsets; records may be delivered again: no broker',
  ])
})
