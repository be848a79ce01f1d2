import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  ConnectError,
  sourceRecord,
  type Delivery,
  type SourceRecord,
  type SourceTask,
} from '../../../../api/index.ts'
import { Serializer, TransformChain, type ChainStep } from '../../../pipeline/index.ts'
import type { PartitionOffsetEntry } from '../../../stores/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { runSourceTask } from '../source-task.ts'
import { TaskControl } from '../../stop.ts'
import { FakeProducer } from './fake-producer.ts'
import { errorHandler, Journal, plainCalls, textConverters, valueStep } from '../../test/task-parts.ts'

const sourcePartition = { file: 'f' }

/** Records with the given values, at positions from `from` on. */
function batch(values: readonly string[], from = 1): SourceRecord[] {
  return values.map((value, step) =>
    sourceRecord({ topic: 'out', value, sourcePartition, sourceOffset: { position: from + step } }),
  )
}

interface SourceInit {
  /** What polls give, one after the other; then nothing. */
  readonly batches?: readonly (readonly SourceRecord[])[]
  readonly task?: Partial<SourceTask>
  readonly steps?: readonly ChainStep[]
  readonly tolerance?: 'none' | 'all'
  readonly flushIntervalMs?: number
  readonly flushTimeoutMs?: number
  readonly paused?: boolean
  readonly prepare?: (topic: string) => Promise<void>
  readonly store?: (offsets: readonly PartitionOffsetEntry[]) => Promise<void>
}

function startSource(t: TestContext, init: SourceInit = {}) {
  const journal = new Journal()
  const control = new TaskControl(init.paused ?? false)
  const producer = new FakeProducer()
  const handler = errorHandler(init.tolerance)
  const metrics = newTaskMetrics()
  const stored: number[] = []
  const ready = new Set<string>()
  const calls: string[] = []
  const batches = [...(init.batches ?? [batch(['a', 'b', 'c'])])]
  const task: SourceTask = {
    poll: async (signal) => {
      const next = batches.shift()
      if (next !== undefined) return next
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      return []
    },
    close: () => void calls.push('end'),
    ...init.task,
  }
  const ended = runSourceTask(
    {
      startOffsets: async () => void calls.push('start offsets'),
      open: async () => {
        calls.push('open')
        return task
      },
      className: 'TestConnector',
      calls: plainCalls,
      store: async (offsets) => {
        await init.store?.(offsets)
        for (const [, offset] of offsets) stored.push(Number(offset?.['position']))
      },
      settings: {
        flushIntervalMs: init.flushIntervalMs ?? 60_000,
        flushTimeoutMs: init.flushTimeoutMs ?? 5000,
      },
      chain: new TransformChain<SourceRecord>(init.steps ?? [], handler),
      serializer: new Serializer(textConverters),
      producer,
      handler,
      topics: {
        isReady: (topic) => ready.has(topic),
        prepare: async (topic) => {
          await init.prepare?.(topic)
          ready.add(topic)
        },
      },
      metrics,
      log: journal.log,
      topicUsed: () => {},
    },
    control,
    journal,
  )
  ended.catch(() => {}) // the test looks at it later
  const stop = async () => {
    control.stopSoftly()
    await ended
  }
  t.after(() => {
    control.stopNow()
    return ended.catch(() => {})
  })
  return { producer, control, journal, stored, calls, metrics, ended, stop }
}

test('records go to Kafka, and their offset is stored at the end', async (t) => {
  const { producer, stop, stored, calls, metrics, journal } = startSource(t)
  await eventually(() => producer.written.length === 3)
  await stop()

  assert.deepEqual(producer.written, ['out:a', 'out:b', 'out:c'])
  assert.deepEqual(stored, [3])
  assert.deepEqual(calls, ['start offsets', 'open', 'end'])
  assert.deepEqual([metrics.recordsIn, metrics.recordsOut], [3, 3])
  assert.deepEqual(journal.states, ['running'])
})

test('offsets are stored while the task goes on', async (t) => {
  const { stored } = startSource(t, { flushIntervalMs: 1 })

  await eventually(() => stored.includes(3))
})

test('a stop waits for what is in flight before it stores offsets', async (t) => {
  const { producer, stop, stored } = startSource(t)
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  const stopping = stop()
  await settle()
  assert.deepEqual(stored, [])

  producer.acknowledge()
  await stopping
  assert.deepEqual(stored, [3])
})

test('a stop does not wait longer than offset.flush.timeout.ms, and stores what is acknowledged by then', async (t) => {
  const { producer, stop, stored } = startSource(t, { flushTimeoutMs: 5 })
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(2)
  await stop()

  assert.deepEqual(stored, [2])
})

test('a hard stop stores nothing', async (t) => {
  const { producer, control, ended, stored } = startSource(t)
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(1)
  control.stopNow()
  await ended

  assert.deepEqual(stored, [])
})

test('offsets that cannot be stored are stored at the next commit', async (t) => {
  let fails = true
  const { stored, journal } = startSource(t, {
    flushIntervalMs: 1,
    store: async () => {
      if (fails) throw new Error('the topic is gone')
    },
  })
  await eventually(() => journal.lines.length > 0)
  assert.match(journal.lines[0] ?? '', /the next commit tries again: the topic is gone/)
  fails = false

  await eventually(() => stored.includes(3))
})

test('nothing is polled while the buffer is full', async (t) => {
  let polls = 0
  const { producer, control } = startSource(t, {
    task: { poll: async () => batch([String(polls++)]) },
  })
  producer.full = true
  await eventually(() => producer.written.length > 0)
  for (let turns = 0; turns < 5; turns++) await settle()
  assert.equal(polls, 1)

  producer.makeRoom()
  await eventually(() => polls > 10)
  control.stopSoftly()
})

test('a task whose polls never wait does not keep others from their turn', async (t) => {
  let polls = 0
  const { stop } = startSource(t, {
    task: {
      poll: async () => {
        polls++
        return batch(['x'])
      },
    },
    steps: [valueStep(() => null)],
  })
  await eventually(() => polls > 0)
  await stop()
})

test('a paused task is not polled until it is resumed', async (t) => {
  let polls = 0
  const { control, journal } = startSource(t, {
    task: {
      poll: async () => {
        polls++
        await settle()
        return batch(['x'])
      },
    },
  })
  await eventually(() => polls > 2)
  control.setPaused(true)
  await eventually(() => journal.states.at(-1) === 'paused')
  const before = polls
  for (let turns = 0; turns < 5; turns++) await settle()
  assert.equal(polls, before)

  control.setPaused(false)
  await eventually(() => polls > before)
  assert.deepEqual(journal.states, ['running', 'paused', 'running'])
})

test('a task that is paused from the start is opened when it is resumed, or never', async (t) => {
  const resumed = startSource(t, { paused: true })
  await eventually(() => resumed.journal.states.length > 0)
  assert.deepEqual(resumed.calls, [])
  resumed.control.setPaused(false)
  await eventually(() => resumed.producer.written.length === 3)

  const stopped = startSource(t, { paused: true })
  await stopped.stop()
  assert.deepEqual(stopped.calls, [])
})

test('a poll that fails retriably is asked again; any other failure ends the task', async (t) => {
  let polls = 0
  const { ended, journal, calls } = startSource(t, {
    task: {
      poll: async () => {
        if (polls++ === 0) throw new ConnectError('HR_RETRIABLE', 'not now')
        throw new Error('for good')
      },
    },
  })

  await assert.rejects(ended, { message: 'for good' })
  assert.deepEqual(journal.lines, ['polling failed and is tried again: not now'])
  assert.deepEqual(calls, ['start offsets', 'open', 'end'])
})

test('a record that Kafka refuses ends the task, with all before it stored', async (t) => {
  let polls = 0
  const poll = async () => {
    await settle()
    return polls++ === 0 ? batch(['a', 'b', 'c']) : []
  }
  const { producer, ended, stored } = startSource(t, { task: { poll } })
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(1)
  const refusal = new ConnectError('HR_RECORD_TOO_LARGE', 'too large')
  producer.refuse(refusal)
  producer.acknowledge()

  await assert.rejects(ended, (error: ConnectError) => {
    assert.equal(error.message, 'Unrecoverable exception from producer send callback')
    return error.cause === refusal
  })
  assert.deepEqual(stored, [1])
})

test('a record that a transform fails on ends the task after the records before it', async (t) => {
  const failing = valueStep((value) => {
    if (value === 'b') throw new ConnectError('HR_DATA_INVALID', 'bad value')
    return value
  })
  const { producer, ended, stored } = startSource(t, { steps: [failing] })

  await assert.rejects(ended, /Tolerance exceeded in error handler/)
  assert.deepEqual(producer.written, ['out:a'])
  assert.deepEqual(stored, [1])
})

test('where failures are tolerated, bad records are skipped and the others go on', async (t) => {
  const { producer, stop, stored, metrics } = startSource(t, {
    batches: [batch(['a', 'unreadable', 'c'])],
    tolerance: 'all',
  })
  await eventually(() => producer.written.length === 2)
  await stop()

  assert.deepEqual(producer.written, ['out:a', 'out:c'])
  assert.deepEqual([stored, metrics.recordsDropped], [[3], 1])
})

test('the task hears of deliveries and commits, and may fail at that', async (t) => {
  const heard: (readonly Delivery[])[] = []
  const { producer, stop, journal } = startSource(t, {
    task: {
      delivered: (deliveries) => {
        heard.push(deliveries)
      },
      committed: () => {
        throw new Error('not interested')
      },
    },
  })
  await eventually(() => producer.written.length === 3)
  await stop()

  assert.deepEqual(
    heard.flat().map(({ record, destination }) => [record.value, destination?.topic]),
    [
      ['a', 'out'],
      ['b', 'out'],
      ['c', 'out'],
    ],
  )
  assert.deepEqual(journal.lines, ['the task failed on being told of a commit: not interested'])
})

test('each topic is made ready once, and a failure that may pass is tried again', async (t) => {
  const prepared: string[] = []
  const { producer } = startSource(t, {
    batches: [batch(['a']), batch(['b'])],
    prepare: async (topic) => {
      prepared.push(topic)
      if (prepared.length === 1) throw new ConnectError('HR_KAFKA_UNAVAILABLE', 'no broker')
    },
  })
  await eventually(() => producer.written.length === 2)

  assert.deepEqual(prepared, ['out', 'out'])
})

test('a stop while a topic is made ready sends nothing more', async (t) => {
  const preparing = gate()
  const { control, ended, producer, stored } = startSource(t, { prepare: () => preparing.opened })
  await settle()
  control.stopSoftly()
  preparing.break(new ConnectError('HR_KAFKA_UNAVAILABLE', 'no broker'))
  await ended

  assert.deepEqual([producer.written, stored], [[], []])
})
