import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, sourceRecord, type Delivery, type SourceRecord } from '../../../../api/index.ts'
import { Serializer } from '../../../pipeline/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { textConverters, valueStep } from '../../test/task-parts.ts'
import { MOST_WAITING_DELIVERIES } from '../delivery-hook.ts'
import { batch, sourcePartition, startSource } from './start-source.ts'

test('records are sent to Kafka, and their offsets are stored at the end', async (t) => {
  const { producer, stop, stored, calls, metrics, journal } = startSource(t)
  await eventually(() => producer.written.length === 3)
  await stop()

  assert.deepEqual(producer.written, ['out:a', 'out:b', 'out:c'])
  assert.deepEqual(stored, [3])
  assert.deepEqual(calls, ['start offsets', 'open', 'end'])
  assert.deepEqual([metrics.recordsIn, metrics.recordsOut], [3, 3])
  assert.deepEqual(journal.states, ['running'])
})

test('offsets are stored while the task is running', async (t) => {
  const { stored } = startSource(t, { flushIntervalMs: 1 })

  await eventually(() => stored.includes(3))
})

test('a stop waits for records in flight before it stores offsets', async (t) => {
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

test('a stop does not wait longer than offset.flush.timeout.ms, and stores the offsets acknowledged until then', async (t) => {
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
  assert.match(journal.lines[0] ?? '', /retrying with the next commit: the topic is gone/)
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

test('a task whose polls never wait does not starve others', async (t) => {
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

test('the metrics show a poll that is retried until it succeeds; the log shows one line and the end', async (t) => {
  const next = gate<readonly SourceRecord[]>()
  let attempts = 0
  const { metrics, producer, journal } = startSource(t, {
    task: {
      poll: async () => {
        attempts++
        if (attempts <= 3) throw new ConnectError('HR_RETRIABLE', `attempt ${attempts}`)
        return next.opened
      },
    },
  })
  await eventually(() => attempts === 4)
  const retry = metrics.retrying
  assert.deepEqual([retry?.attempt, retry?.reason], [3, 'attempt 3'])
  assert.ok((retry?.nextAttemptAt ?? 0) >= (retry?.since ?? Infinity))
  next.open(batch(['a']))
  await eventually(() => producer.written.length > 0)
  assert.equal(metrics.retrying, null)
  assert.deepEqual(journal.lines, ['poll failed with a retriable error; retrying: attempt 1'])
})

test('a poll that fails with a retriable error is retried; any other error fails the task', async (t) => {
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
  assert.deepEqual(journal.lines, ['poll failed with a retriable error; retrying: not now'])
  assert.deepEqual(calls, ['start offsets', 'open', 'end'])
})

test('a record that Kafka rejects fails the task, and the offsets before it are stored', async (t) => {
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

test('a record that fails in a transform fails the task after the records before it', async (t) => {
  const failing = valueStep((value) => {
    if (value === 'b') throw new ConnectError('HR_DATA_INVALID', 'bad value')
    return value
  })
  const { producer, ended, stored } = startSource(t, { steps: [failing] })

  await assert.rejects(ended, /Tolerance exceeded in error handler/)
  assert.deepEqual(producer.written, ['out:a'])
  assert.deepEqual(stored, [1])
})

test('if errors are tolerated, failed records are skipped and the others are sent', async (t) => {
  const { producer, stop, stored, metrics } = startSource(t, {
    batches: [batch(['a', 'unreadable', 'c'])],
    tolerance: 'all',
  })
  await eventually(() => producer.written.length === 2)
  await stop()

  assert.deepEqual(producer.written, ['out:a', 'out:c'])
  assert.deepEqual([stored, metrics.recordsDropped], [[3], 1])
})

test('delivered and committed are called, and their errors do not stop the task', async (t) => {
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
  assert.deepEqual(journal.lines, ['committed() failed: not interested'])
})

test('each topic is prepared once, and a retriable error is retried', async (t) => {
  const prepared: string[] = []
  const { producer } = startSource(t, {
    batches: [batch(['a']), batch(['b'])],
    create: async (topic) => {
      prepared.push(topic)
      if (prepared.length === 1) throw new ConnectError('HR_KAFKA_UNAVAILABLE', 'no broker')
    },
  })
  await eventually(() => producer.written.length === 2)

  assert.deepEqual(prepared, ['out', 'out'])
})

test('nothing more is sent after a stop during the preparation of a topic', async (t) => {
  const preparing = gate()
  const { control, ended, producer, stored } = startSource(t, { findPartitions: () => preparing.opened })
  await settle()
  control.stopSoftly()
  preparing.break(new ConnectError('HR_KAFKA_UNAVAILABLE', 'no broker'))
  await ended

  assert.deepEqual([producer.written, stored], [[], []])
})

/**
 * A source that waits for data: each poll resolves when the test pushes a batch, or as its signal determines.
 */
function pushSource(onAbort: (signal: AbortSignal, resolve: (records: SourceRecord[]) => void) => void) {
  let push: ((records: SourceRecord[]) => void) | undefined
  const signals: AbortSignal[] = []
  const poll = (signal: AbortSignal) => {
    signals.push(signal)
    return new Promise<SourceRecord[]>((resolve) => {
      push = resolve
      signal.addEventListener('abort', () => onAbort(signal, resolve), { once: true })
    })
  }
  return {
    poll,
    signals,
    waiting: () => push !== undefined,
    push: (records: SourceRecord[]) => push?.(records),
  }
}

test('a pause interrupts a waiting poll, and the records that it returns are sent after the resume', async (t) => {
  const held = batch(['held'])
  const source = pushSource((_signal, resolve) => resolve(held.splice(0)))
  const { control, journal, producer, stored, stop } = startSource(t, { task: { poll: source.poll } })
  await eventually(() => source.waiting())
  control.setPaused(true)
  await eventually(() => journal.states.at(-1) === 'paused')
  assert.equal(source.signals[0]?.aborted, true)
  for (let turns = 0; turns < 5; turns++) await settle()
  assert.deepEqual([producer.written, source.signals.length], [[], 1])

  control.setPaused(false)
  await eventually(() => producer.written.length === 1)
  await eventually(() => source.signals.length === 2)
  assert.equal(source.signals[1]?.aborted, false)
  await stop()
  assert.deepEqual([producer.written, stored], [['out:held'], [1]])
})

test('a task that ignores its signal is still paused immediately, and polls do not overlap', async (t) => {
  const source = pushSource(() => {})
  const { control, journal, producer } = startSource(t, { task: { poll: source.poll } })
  await eventually(() => source.waiting())
  control.setPaused(true)
  await eventually(() => journal.states.at(-1) === 'paused')
  source.push(batch(['late']))
  for (let turns = 0; turns < 5; turns++) await settle()
  assert.deepEqual(producer.written, [])

  control.setPaused(false)
  await eventually(() => producer.written.length === 1)
  assert.deepEqual(producer.written, ['out:late'])
  source.push([])
})

test('a stop during a pause drops polled records, which are polled again after the next start', async (t) => {
  const source = pushSource((_signal, resolve) => resolve(batch(['held'])))
  const { control, journal, producer, stored, stop } = startSource(t, { task: { poll: source.poll } })
  await eventually(() => source.waiting())
  control.setPaused(true)
  await eventually(() => journal.states.at(-1) === 'paused')
  await stop()

  assert.deepEqual([producer.written, stored], [[], []])
})

test('a stop interrupts a waiting poll, and the records that it returns are written', async (t) => {
  const source = pushSource((_signal, resolve) => resolve(batch(['last'])))
  const { producer, stored, stop } = startSource(t, { task: { poll: source.poll } })
  await eventually(() => source.waiting())
  producer.prepared.push('out')
  await stop()

  assert.deepEqual([producer.written, stored], [['out:last'], [1]])
})

test('a record that Kafka rejects fails a task during a waiting poll', async (t) => {
  const batches = [batch(['a', 'b'])]
  const source = pushSource((_signal, resolve) => resolve([]))
  const { producer, ended } = startSource(t, {
    task: { poll: async (signal) => batches.shift() ?? source.poll(signal) },
  })
  producer.acknowledging = false
  await eventually(() => source.waiting())
  producer.acknowledge(1)
  producer.refuse(new ConnectError('HR_RECORD_TOO_LARGE', 'too large'))

  await assert.rejects(ended, { message: 'Unrecoverable exception from producer send callback' })
  assert.equal(source.signals[0]?.aborted, true)
})

test('an error of a poll that a pause interrupts fails the task, unless it is the AbortError', async (t) => {
  const aborted = pushSource(() => {})
  const kind = startSource(t, {
    task: {
      poll: async (signal) => {
        await Promise.race([
          aborted.poll(signal),
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
        ])
        return []
      },
    },
  })
  await eventually(() => aborted.waiting())
  kind.control.setPaused(true)
  await eventually(() => kind.journal.states.at(-1) === 'paused')
  kind.control.setPaused(false)
  await eventually(() => aborted.signals.length === 2)

  let fail = (_error: Error): void => {}
  const broken = startSource(t, { task: { poll: () => new Promise((_, reject) => (fail = reject)) } })
  await eventually(() => broken.journal.states.length === 1)
  broken.control.setPaused(true)
  await eventually(() => broken.journal.states.at(-1) === 'paused')
  fail(new Error('lost the database'))
  broken.control.setPaused(false)
  await assert.rejects(broken.ended, { message: 'lost the database' })
})

test('delivered is called in order and one call at a time, then committed, then close', async (t) => {
  const gates = [gate(), gate()]
  const calls: string[] = []
  let running = 0
  const { producer, control, ended } = startSource(t, {
    batches: [batch(['a', 'b', 'c'])],
    task: {
      delivered: async (deliveries) => {
        assert.equal(running++, 0, 'delivered overlaps itself')
        calls.push(`delivered ${deliveries.map(({ record }) => String(record.value)).join(' ')}`)
        await gates[calls.length - 1]?.opened
        running--
      },
      committed: () => void calls.push('committed'),
      close: () => void calls.push('close'),
    },
  })
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(1)
  await eventually(() => calls.length === 1)
  producer.acknowledge()
  control.stopSoftly()
  for (let turns = 0; turns < 5; turns++) await settle()
  assert.deepEqual(calls, ['delivered a'])

  gates[0]?.open()
  await eventually(() => calls.length === 2)
  gates[1]?.open()
  await ended
  assert.deepEqual(calls, ['delivered a', 'delivered b c', 'committed', 'close'])
})

test('delivered is not called after close, even if it hangs or records are acknowledged late', async (t) => {
  const hanging = gate()
  const calls: string[] = []
  const { producer, ended, control } = startSource(t, {
    flushTimeoutMs: 5,
    finalFlushMs: 5,
    task: {
      delivered: async (deliveries) => {
        calls.push(`delivered ${deliveries.length}`)
        await hanging.opened
      },
      close: () => void calls.push('close'),
    },
  })
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(1)
  await eventually(() => calls.length === 1)
  control.stopSoftly()
  await ended
  producer.acknowledge()
  hanging.open()
  for (let turns = 0; turns < 5; turns++) await settle()

  assert.deepEqual(calls, ['delivered 1', 'close'])
})

test('polling stops while the delivered hook is far behind', async (t) => {
  const hook = gate()
  let polls = 0
  const many = batch(Array.from({ length: MOST_WAITING_DELIVERIES + 1 }, () => 'x'))
  const { control } = startSource(t, {
    task: {
      poll: async () => {
        polls++
        return many
      },
      delivered: () => hook.opened,
    },
  })
  await eventually(() => polls >= 2)
  for (let turns = 0; turns < 10; turns++) await settle()
  assert.equal(polls, 2) // one in the hook, one waiting for it
  hook.open()
  await eventually(() => polls > 3)
  control.stopSoftly()
})

test('a committed hook that never returns does not block commits or the stop, and is not called again', async (t) => {
  let calls = 0
  const { producer, stop, stored } = startSource(t, {
    batches: [batch(['a']), batch(['b'], 2)],
    flushIntervalMs: 1,
    flushTimeoutMs: 5,
    task: {
      committed: () => {
        calls++
        return new Promise(() => {})
      },
    },
  })
  await eventually(() => stored.includes(2))
  assert.equal(producer.written.length, 2)
  await stop()
  assert.equal(calls, 1)
})

test('a hard stop does not wait for committed or for the offset store', async (t) => {
  for (const which of ['committed', 'store'] as const) {
    const begun = gate()
    const hang = async () => {
      begun.open()
      await new Promise(() => {})
    }
    const { control, ended } = startSource(t, {
      flushIntervalMs: 1,
      flushTimeoutMs: 3_600_000,
      ...(which === 'store' ? { store: hang } : { task: { committed: hang } }),
    })
    await begun.opened
    control.stopSoftly()
    control.stopNow()
    await ended
  }
})

test('a stop stores acknowledged offsets before it waits for the others', async (t) => {
  const { producer, control, ended, stored } = startSource(t)
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(1)
  control.stopSoftly()
  await eventually(() => stored.length === 1)
  assert.deepEqual(stored, [1])
  control.stopNow()
  await ended
  assert.deepEqual(stored, [1])
})

test('offsets of records acknowledged after offset.flush.timeout.ms are stored too', async (t) => {
  const { producer, control, ended, stored, calls } = startSource(t, {
    flushTimeoutMs: 1,
    finalFlushMs: 3_600_000,
  })
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  producer.acknowledge(1)
  control.stopSoftly()
  await eventually(() => producer.flushes === 2)
  assert.equal(calls.includes('end'), false)
  producer.acknowledge()
  await ended

  assert.deepEqual(stored, [1, 3])
})

const refusal = new ConnectError('HR_KAFKA_REFUSED', 'the topic name is invalid')
const refusedTopics = async (topic: string) => {
  if (topic.includes('|') || topic === '') throw refusal
}
const toTopic = (...topics: string[]) =>
  topics.map((topic, at) =>
    sourceRecord({ topic, value: String(at), sourcePartition, sourceOffset: { position: at + 1 } }),
  )

test('a record for a topic that Kafka rejects is skipped and reported if errors are tolerated', async (t) => {
  const { producer, stop, stored, reported } = startSource(t, {
    batches: [toTopic('good', 'b|d', '', 'good')],
    tolerance: 'all',
    findPartitions: refusedTopics,
  })
  await eventually(() => producer.written.length === 2)
  await stop()

  assert.deepEqual(producer.written, ['good:0', 'good:3'])
  assert.deepEqual(reported, [
    ['KAFKA_PRODUCE', '1'],
    ['KAFKA_PRODUCE', '2'],
  ])
  assert.deepEqual(stored, [4])
})

test('without tolerance, a record for a topic that Kafka rejects fails the task before any later record is written', async (t) => {
  const { producer, ended, stored } = startSource(t, {
    batches: [toTopic('good', 'b|d', 'good')],
    findPartitions: refusedTopics,
  })

  await assert.rejects(ended, (error: ConnectError) => {
    assert.equal(error.message, 'Unrecoverable exception from producer send callback')
    return error.cause === refusal
  })
  assert.deepEqual([producer.written, stored], [['good:0'], [1]])
})

test('a topic that cannot be created fails the task regardless of errors.tolerance', async (t) => {
  const { ended, producer } = startSource(t, {
    tolerance: 'all',
    create: async () => {
      throw refusal
    },
  })
  await assert.rejects(ended, refusal)
  assert.deepEqual(producer.written, [])
})

test('no topic is created for a record that cannot be converted', async (t) => {
  const asked: string[] = []
  const { ended } = startSource(t, {
    batches: [batch(['unreadable'])],
    create: async (topic) => void asked.push(topic),
    findPartitions: async (topic) => void asked.push(topic),
  })
  await assert.rejects(ended, /Tolerance exceeded in error handler/)

  assert.deepEqual(asked, [])
})

test('an error that is not specific to a record fails the task regardless of errors.tolerance', async (t) => {
  class BrokenSerializer extends Serializer {
    override convert(): this {
      throw new RangeError('a bug')
    }
  }
  const { ended } = startSource(t, { tolerance: 'all', serializer: new BrokenSerializer(textConverters) })

  await assert.rejects(ended, RangeError)
})

test('a source partition or offset that cannot be stored fails the task', async (t) => {
  const since = new Date(0)
  const record = sourceRecord({
    topic: 'out',
    value: 'x',
    sourcePartition: { db: 'd', since } as unknown as SourceRecord['sourcePartition'], // JavaScript does not check it
    sourceOffset: null,
  })
  const { ended, producer } = startSource(t, { batches: [[record]], tolerance: 'all' })

  await assert.rejects(ended, { code: 'HR_DATA_INVALID', message: /^Task c-0 .* found a Date in 'since'$/ })
  assert.deepEqual(producer.written, [])
})
