import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger } from '../../../../api/index.ts'
import { settleMismatch, type MismatchStrategy } from '../mismatch.ts'

const position = { lsnCommit: 100, last: undefined, snapshotLsn: null }

async function settled(strategy: MismatchStrategy, confirmed: number | null) {
  const advanced: number[] = []
  const lines: string[] = []
  const log = {
    warn: (text: string) => void lines.push(text),
    info: (text: string) => void lines.push(text),
  } as unknown as Logger
  const parts = {
    strategy,
    slot: 's',
    confirmed,
    log,
    advance: async (lsn: number) => void advanced.push(lsn),
  }
  const from = await settleMismatch(position, parts)
  return { from: from.lsnCommit, advanced, lines }
}

test('a slot at the stored offset needs nothing', async () => {
  assert.deepEqual(await settled('trust_offset', 100), { from: 100, advanced: [], lines: [] })
  assert.deepEqual(await settled('trust_offset', null), { from: 100, advanced: [], lines: [] })
})

test('a slot behind the stored offset is advanced if the offset is trusted', async () => {
  for (const strategy of ['trust_offset', 'trust_greater_lsn'] as const) {
    assert.deepEqual((await settled(strategy, 90)).advanced, [100])
  }
  for (const strategy of ['no_validation', 'trust_slot'] as const) {
    assert.deepEqual((await settled(strategy, 90)).advanced, [])
  }
})

test('a slot ahead of the stored offset fails the task if the offset is trusted', async () => {
  await assert.rejects(settled('trust_offset', 0x1_0000_0010), {
    code: 'HR_CONNECT',
    message: /slot 's' is at LSN 1\/10, after the stored offset at 0\/64.*trust_slot/,
  })
})

test('a slot ahead of the stored offset is followed if it is trusted', async () => {
  for (const strategy of ['trust_slot', 'trust_greater_lsn'] as const) {
    assert.equal((await settled(strategy, 110)).from, 110)
  }
})

test('without a strategy, missing changes are logged', async () => {
  const { from, lines } = await settled('no_validation', 110)
  assert.equal(from, 100)
  assert.match(lines.join(), /changes in between are missing/)
})
