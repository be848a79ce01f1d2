import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionOffset, SinkRecord, SinkTaskContext } from '../../../../api/index.ts'
import type { FailureReporter } from '../../../errors/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { startSink } from './start-sink.ts'

test('a commit requested during another one follows immediately', async (t) => {
  let puts = 0
  let flushes = 0
  const { consumer, context } = await startSink(t, {
    task: { put: () => void puts++, flush: () => void flushes++ },
  })
  const slow = gate()
  let asked = 0
  consumer().onCommit = () => {
    asked++
    return slow.opened
  }
  await eventually(() => puts > 0)
  context.requestCommit()
  await eventually(() => asked === 1)
  context.requestCommit()
  const before = puts
  consumer().wake()
  await eventually(() => puts > before)
  assert.equal(flushes, 1)

  slow.open()
  await eventually(() => flushes === 2)
})

for (const hook of ['flush', 'preCommit'] as const) {
  for (const closing of [false, true]) {
    const when = closing ? 'when partitions are given up' : 'now and then'
    test(`a dead letter of ${hook} is safe before offsets are committed ${when}`, async (t) => {
      const safe = gate()
      let context: SinkTaskContext | undefined
      let last: SinkRecord | undefined
      let reported = false
      const reporter: FailureReporter = {
        report: () => {
          reported = true
          return safe.opened
        },
      }
      const { consumer, control, ended } = await startSink(t, {
        reporters: [reporter],
        tolerance: 'all',
        flushIntervalMs: closing ? 60_000 : 1,
        opened: (given) => (context = given),
        task: {
          put: (records) => {
            last = records.at(-1) ?? last
          },
          [hook]: (offsets: readonly PartitionOffset[]) => {
            if (last !== undefined) void context?.errantRecords?.report(last, new Error('refused'))
            last = undefined
            return hook === 'preCommit' ? offsets : undefined
          },
        },
      })
      await eventually(() => last !== undefined || reported)
      if (closing) control.stopSoftly()
      await eventually(() => reported)
      for (let turns = 0; turns < 20; turns++) await settle()
      assert.deepEqual(consumer().commits, [])

      safe.open()
      await eventually(() => consumer().commits.length > 0)
      control.stopSoftly()
      await ended
      assert.deepEqual(consumer().commits, ['0@3'])
    })
  }
}
