import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { SourceRecord, SourceTask, StoredOffset } from '../../../../api/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { IDLE_OFFSETS_INTERVAL_MS } from '../idle-offsets.ts'
import { batch, sourcePartition, startSource } from './start-source.ts'

const at = (position: number): StoredOffset[] => [[sourcePartition, { position }]]

/** Lets everything run that does not wait for a timer. */
async function settled(): Promise<void> {
  for (let round = 0; round < 10; round++) await settle()
}

/** A task that returns an offset without a record, in a time that the test moves. */
function startIdle(
  t: TestContext,
  init: Parameters<typeof startSource>[1] = {},
  updateOffsets: () => readonly StoredOffset[] = () => at(9),
) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const asked: number[] = []
  const committed: number[] = []
  const task: Partial<SourceTask> = {
    updateOffsets: () => {
      asked.push(source.producer.written.length)
      return updateOffsets()
    },
    committed: (offsets) => {
      for (const [, offset] of offsets) committed.push(Number(offset?.['position']))
    },
    ...init.task,
  }
  const source = startSource(t, { ...init, task })
  const pass = async (ms = IDLE_OFFSETS_INTERVAL_MS) => {
    t.mock.timers.tick(ms)
    await settled()
  }
  const written = (count: number) => eventually(() => source.producer.written.length === count)
  return { ...source, asked, committed, pass, written }
}

test('offsets of an idle task are stored without a record every ten seconds, and committed', async (t) => {
  const { stored, committed, asked, pass, written } = startIdle(t)
  await written(3)
  await pass(IDLE_OFFSETS_INTERVAL_MS - 1)
  assert.deepEqual([asked, stored], [[], []])
  await pass(1)
  assert.deepEqual([asked, stored, committed], [[3], [9], [9]])
  await pass()
  assert.deepEqual(asked, [3, 3])
})

test('a short offset.flush.interval.ms does not ask more often', async (t) => {
  const { stored, asked, pass, written } = startIdle(t, { flushIntervalMs: 3000 })
  await written(3)
  for (let passed = 0; passed < 9000; passed += 3000) await pass(3000)
  assert.deepEqual([asked, stored], [[], [3]])
  await pass(1000)
  assert.deepEqual([asked, stored], [[3], [3, 9]])
})

test('nothing is asked while a record is unacknowledged', async (t) => {
  const { producer, stored, asked, pass, written } = startIdle(t)
  producer.acknowledging = false
  await written(3)
  await pass()
  assert.deepEqual(asked, [])
  producer.acknowledge()
  await pass()
  assert.deepEqual([asked, stored], [[3], [9]])
})

test('nothing is asked when a poll has just returned records, even at the same moment', async (t) => {
  const next = gate<readonly SourceRecord[]>()
  const polls = [next.opened, new Promise<never>(() => {})]
  const { producer, asked, pass, written } = startIdle(t, {
    task: { poll: (signal) => unlessAborted(polls.shift(), signal) },
  })
  await settled()
  producer.acknowledging = false
  next.open(batch(['a']))
  await pass()
  await written(1)
  assert.deepEqual(asked, [])
})

test('records that are returned while the offset is written are stored after it', async (t) => {
  const write = gate()
  const next = gate<readonly SourceRecord[]>()
  const polls = [next.opened, new Promise<never>(() => {})]
  const { stored, pass, written } = startIdle(t, {
    task: { poll: (signal) => unlessAborted(polls.shift(), signal) },
    store: () => write.opened,
    flushIntervalMs: 12_000,
  })
  await settled()
  await pass()
  next.open(batch(['a'], 10))
  await written(1)
  write.open()
  await settled()
  await pass(2000)
  assert.deepEqual(stored, [9, 10])
})

test('an offset that could not be stored never replaces that of a later record', async (t) => {
  const next = gate<readonly SourceRecord[]>()
  const polls = [next.opened, new Promise<never>(() => {})]
  let failing = true
  const { stored, committed, pass, written } = startIdle(
    t,
    {
      task: { poll: (signal) => unlessAborted(polls.shift(), signal) },
      store: async () => {
        if (failing) throw new Error('no broker')
      },
      flushIntervalMs: 12_000,
    },
    () => (failing ? at(9) : []),
  )
  await settled()
  await pass()
  next.open(batch(['a'], 10))
  await written(1)
  failing = false
  await pass(2000)
  await pass(12_000)
  assert.deepEqual([stored, committed], [[10], [10]])
})

test('a paused task is asked, but not while the worker keeps records that it returned', async (t) => {
  const next = gate<readonly SourceRecord[]>()
  const polls = [next.opened, new Promise<never>(() => {})]
  const { control, stored, asked, pass, written } = startIdle(t, {
    task: { poll: (signal) => unlessAborted(polls.shift(), signal, false) },
  })
  await settled()
  control.setPaused(true)
  await pass()
  assert.deepEqual([asked, stored], [[0], [9]])
  next.open(batch(['a'], 10))
  await settled()
  await pass()
  assert.deepEqual(asked, [0])
  control.setPaused(false)
  await written(1)
})

test('a task that stops is asked once more, before the last commit', async (t) => {
  const { producer, stop, stored, committed, asked, written } = startIdle(t)
  producer.acknowledging = false
  await written(3)
  const stopping = stop()
  await settled()
  assert.deepEqual(asked, [])
  producer.acknowledge()
  await stopping
  assert.deepEqual([asked, stored, committed], [[3], [9], [9]])
})

test('a task that has failed is not asked', async (t) => {
  const { context, ended, stored, asked, written } = startIdle(t)
  await written(3)
  context.fail(new Error('it broke'))
  await assert.rejects(ended, /it broke/)
  assert.deepEqual([asked, stored], [[], [3]])
})

test('a task is not asked at its end if it has to return records again', async (t) => {
  const next = gate<readonly SourceRecord[]>()
  const { control, stop, stored, asked } = startIdle(t, { task: { poll: () => next.opened } })
  await settled()
  control.setPaused(true)
  next.open(batch(['a'], 10))
  await settled()
  await stop()
  assert.deepEqual([asked, stored], [[], []])
})

const wrong: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['throws', () => assert.fail('no position'), /^updateOffsets\(\) failed: no position$/],
  ['returns a promise', () => Promise.resolve([]), /returned a promise, expected an array/],
  ['returns what cannot be stored', () => [[{ file: () => 1 }, {}]], /found a function in 'file'/],
]
for (const [what, answer, line] of wrong) {
  test(`a task continues when updateOffsets ${what}, and the error is logged`, async (t) => {
    const { stored, journal, pass, stop, written } = startIdle(t, {}, answer as () => StoredOffset[])
    await written(3)
    await pass()
    assert.match(journal.lines.join('\n'), line)
    await stop()
    assert.deepEqual(stored, [3])
  })
}

/** Resolves like the promise; to no records when the signal is aborted, if the poll honors it. */
async function unlessAborted(
  records: Promise<readonly SourceRecord[]> | undefined,
  signal: AbortSignal,
  honored = true,
): Promise<readonly SourceRecord[]> {
  const aborted = new Promise<readonly SourceRecord[]>((resolve) => {
    if (honored) signal.addEventListener('abort', () => resolve([]), { once: true })
  })
  return Promise.race([records ?? aborted, aborted])
}
