import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger } from '../../../../api/index.ts'
import type { SlotFacts } from '../../metrics/task-metrics.ts'
import { SlotMonitor } from '../slot-monitor.ts'

interface Init {
  /** LSN of the slot, at each look. */
  readonly slot: readonly (number | undefined)[]
  readonly confirmed?: number | null
  readonly action?: 'fail' | 'warn' | 'ignore'
}

function monitor({ slot, confirmed = null, action = 'fail' }: Init) {
  const rows = slot.map((lsn) =>
    lsn === undefined
      ? []
      : [{ wal_status: 'reserved', safe: null, lag: '40', kept: '90', confirmed: String(lsn) }],
  )
  const shown: SlotFacts[] = []
  const warnings: string[] = []
  const watched = new SlotMonitor({
    config: { 'slot.name': 's', 'lsn.flush.timeout.ms': 30_000, 'lsn.flush.timeout.action': action },
    query: () => Promise.resolve(rows.shift() ?? []),
    confirmed: () => confirmed,
    show: (facts) => void shown.push(facts),
    log: { warn: (text: string) => void warnings.push(text) } as unknown as Logger,
  })
  return { watched, shown, warnings }
}

test('the lag of the slot and the WAL that it keeps are shown; what the server does not say is null', async () => {
  const { watched, shown } = monitor({ slot: [100] })
  await watched.look()
  assert.deepEqual(shown, [{ lagBytes: 40, keptBytes: 90, safeBytes: null }])
})

test('nothing is shown of a slot that does not exist', async () => {
  const { watched, shown } = monitor({ slot: [undefined] })
  await watched.look()
  assert.deepEqual(shown, [])
})

test('a position that the slot does not take in time fails the task, with both positions', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] })
  const { watched } = monitor({ slot: [16, 16, 16], confirmed: 32 })
  await watched.look()
  t.mock.timers.tick(29_000)
  await watched.look()
  t.mock.timers.tick(1000)
  await assert.rejects(watched.look(), {
    code: 'HR_CONNECT',
    message:
      /slot "s" has not taken the confirmed position 0\/20 within lsn\.flush\.timeout\.ms \(30000\); it is at 0\/10/,
  })
})

test('a slot that takes the position late is fine', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] })
  const { watched } = monitor({ slot: [16, 32, 32], confirmed: 32 })
  await watched.look()
  await watched.look()
  t.mock.timers.tick(60_000)
  await watched.look()
})

test('the action decides whether the task fails', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] })
  for (const [action, count] of [
    ['warn', 1],
    ['ignore', 0],
  ] as const) {
    const { watched, warnings } = monitor({ slot: [16, 16], confirmed: 32, action })
    await watched.look()
    t.mock.timers.tick(40_000)
    await watched.look()
    assert.equal(warnings.length, count)
  }
})
