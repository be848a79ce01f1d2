import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SinkTaskContext } from '../../../../api/index.ts'
import { eventually, settle } from '../../../timing/test/gate.ts'
import { retriable, startSink } from './start-sink.ts'

/** A task that counts its puts, and requests the next one as the test defines. */
function counting(next: (records: number, context: SinkTaskContext, puts: number) => void) {
  const sizes: number[] = []
  let context: SinkTaskContext | undefined
  return {
    sizes,
    opened: (given: SinkTaskContext) => {
      context = given
    },
    task: {
      put: (records: readonly unknown[]) => {
        sizes.push(records.length)
        if (context !== undefined) next(records.length, context, sizes.length)
      },
    },
  }
}

test('put is called with an empty batch after putWithin if no records arrive', async (t) => {
  const { sizes, ...init } = counting((records, context) => {
    if (records > 0) context.putWithin(1)
  })
  await startSink(t, init)

  await eventually(() => sizes.indexOf(0, sizes.indexOf(3)) > 0)
})

test('putWithin in each put leads to repeated calls and does not block the event loop', async (t) => {
  const { sizes, ...init } = counting((_records, context) => context.putWithin(0))
  const { control } = await startSink(t, init)

  await eventually(() => sizes.length > 5)
  control.setPaused(true)
  const before = sizes.length
  await eventually(() => sizes.length > before + 5)
})

test('one call of put satisfies all requests, at the earliest requested time', async (t) => {
  const { sizes, ...init } = counting((records, context) => {
    if (records === 0) return
    context.putWithin(3_600_000)
    context.putWithin(2)
    context.putWithin(1)
  })
  await startSink(t, init)
  await eventually(() => sizes.includes(3) && sizes.at(-1) === 0)

  const { length } = sizes
  for (let turns = 0; turns < 20; turns++) await settle()
  assert.equal(sizes.length, length)
})

test('putWithin shortens a longer pending wait, but not a shorter one', async (t) => {
  const { sizes, ...init } = counting(() => {})
  const { context } = await startSink(t, init)
  await eventually(() => sizes.includes(3))
  for (let turns = 0; turns < 5; turns++) await settle()
  const before = sizes.length

  context.putWithin(3_600_000)
  for (let turns = 0; turns < 5; turns++) await settle()
  assert.equal(sizes.length, before)
  context.putWithin(1)
  await eventually(() => sizes.length > before)
})

test('putWithin does not shorten the wait before a retry', async (t) => {
  let puts = 0
  const { context, journal } = await startSink(t, {
    opened: (given) => given.retryAfter(3_600_000),
    task: {
      put: (records) => {
        if (records.length === 0) return
        puts++
        throw retriable()
      },
    },
  })
  await eventually(() => journal.lines.length > 0)
  context.putWithin(0)
  for (let turns = 0; turns < 20; turns++) await settle()

  assert.equal(puts, 1)
})

test('an invalid time is rejected', async (t) => {
  const { context } = await startSink(t)

  for (const ms of [-1, Number.NaN]) {
    assert.throws(() => context.putWithin(ms), { code: 'HR_ILLEGAL_ARGUMENT', message: /expected a number/ })
  }
})
