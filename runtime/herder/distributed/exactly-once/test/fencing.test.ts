import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../../api/index.ts'
import type { ConfigSnapshot } from '../../../../stores/index.ts'
import { gate, settle } from '../../../../timing/test/gate.ts'
import { Fencing } from '../fencing.ts'

/** A leader whose config topic has `before` in the task count record and `after` tasks. */
function openFencing(before: number | undefined, after: number) {
  const done: string[] = []
  const state = {
    pending: true,
    generation: 0,
    fenced: gate(),
    failure: undefined as Error | undefined,
  }
  const snapshot = () =>
    ({
      taskCountRecords: new Map(before === undefined ? [] : [['c', before]]),
      taskCounts: new Map([['c', after]]),
      pendingFencing: new Set(state.pending ? ['c'] : []),
      generations: new Map([['c', state.generation]]),
    }) as unknown as ConfigSnapshot
  const fencing = new Fencing({
    configs: {
      snapshot,
      refresh: async () => void done.push('read'),
      putTaskCountRecord: async (_connector, tasks) => {
        if (state.failure !== undefined) throw state.failure
        done.push(`record ${tasks}`)
        state.pending = false
      },
    },
    syncTimeoutMs: 1,
    fenceProducers: async (_connector, tasks) => {
      await state.fenced.opened
      done.push(`fence ${tasks}`)
    },
    inTurn: async (step) => step(),
  })
  return { fencing, done, state }
}

test('producers of all earlier tasks are fenced before the new number of tasks is recorded', async () => {
  const { fencing, done, state } = openFencing(3, 2)
  state.fenced.open()
  await fencing.run('c')
  await fencing.run('c')
  assert.deepEqual(done, ['fence 3', 'read', 'record 2'])
})

for (const [before, after, why] of [
  [undefined, 2, 'the connector has never had tasks'],
  [1, 1, 'a single task replaces a single one'],
] as const) {
  test(`only the number of tasks is recorded if ${why}`, async () => {
    const { fencing, done } = openFencing(before, after)
    await fencing.run('c')
    assert.deepEqual(done, ['read', `record ${after}`])
  })
}

test('concurrent requests share a round', async () => {
  const { fencing, done, state } = openFencing(2, 2)
  const rounds = [fencing.run('c'), fencing.run('c')]
  state.fenced.open()
  await Promise.all(rounds)
  assert.deepEqual(done, ['fence 2', 'read', 'record 2'])
})

test('a round that newer task configs overtake fails, and so does every request that shares it', async () => {
  const { fencing, done, state } = openFencing(2, 2)
  const first = fencing.run('c')
  state.generation = 1
  const second = fencing.run('c')
  state.fenced.open()
  for (const round of [first, second]) {
    await assert.rejects(round, { code: 'HR_REBALANCING', message: /new task configurations were generated/ })
  }
  await settle()
  assert.deepEqual(done, ['fence 2', 'read'])
})

test('a leader that may not write asks for another attempt', async () => {
  const { fencing, state } = openFencing(undefined, 1)
  state.failure = new ConnectError('HR_WRITE_FENCED', 'not the leader')
  await assert.rejects(fencing.run('c'), { code: 'HR_REBALANCING', message: 'not the leader' })
  state.failure = undefined
  await fencing.run('c')
})
