import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectError,
  sourceRecord,
  type Delivery,
  type SourceTask,
  type StoredOffset,
} from '../../../../../api/index.ts'
import { Serializer } from '../../../../pipeline/index.ts'
import { eventually, gate } from '../../../../timing/test/gate.ts'
import { LookUps, valueStep } from '../../../test/task-parts.ts'
import { MOST_WAITING_DELIVERIES } from '../../delivery-hook.ts'
import { afterEachBatch, atTheEnd, onRequest, record, startTransactions } from './start-transactions.ts'

const refused = new ConnectError('HR_KAFKA_REFUSED', 'no such topic')

test('records and their offsets are committed in one transaction per batch', async (t) => {
  const { producer, give, stop } = startTransactions(t, afterEachBatch)
  give(record('a', 1), record('b', 2))
  give(record('c', 3))
  await eventually(() => producer.committed.length === 2)
  await stop()

  assert.equal(producer.events.join(' '), 'begin out:a out:b offsets:2 commit begin out:c offsets:3 commit')
})

test('a poll without records begins no transaction', async (t) => {
  const { producer, give, stop, metrics } = startTransactions(t, afterEachBatch)
  give()
  await eventually(() => metrics.batches === 0)
  await stop()

  assert.deepEqual(producer.events, [])
})

test('batches share a transaction until it is due', async (t) => {
  let due = Infinity
  const { producer, give, stop, polled } = startTransactions(t, { endsWithTask: true, dueAt: () => due })
  give(record('a', 1))
  await eventually(() => polled() === 2)
  due = 0
  give(record('b', 2))
  await eventually(() => producer.committed.length === 1)
  await stop()

  assert.deepEqual(producer.committed, [['out:a', 'out:b', 'offsets:2']])
})

test('a transaction is committed when it is due, although the poll in progress returns nothing', async (t) => {
  const { producer, give, stop } = startTransactions(t, {
    endsWithTask: true,
    dueAt: ({ sentAt }) => sentAt + 1,
  })
  give(record('a', 1))
  await eventually(() => producer.committed.length === 1)
  give(record('b', 2))
  await eventually(() => producer.committed.length === 2)
  await stop()

  assert.deepEqual(producer.committed.flat(), ['out:a', 'offsets:1', 'out:b', 'offsets:2'])
})

test('a commit waits until Kafka has acknowledged all records', async (t) => {
  const { producer, give, stop } = startTransactions(t, afterEachBatch)
  producer.acknowledging = false
  give(record('a', 1))
  await eventually(() => producer.flushes > 0)
  assert.deepEqual(producer.events, ['begin', 'out:a'])
  producer.acknowledging = true
  producer.acknowledge()
  await eventually(() => producer.committed.length === 1)
  await stop()
})

test('the offset of a dropped record is committed with the next record', async (t) => {
  const { producer, give, stop } = startTransactions(t, afterEachBatch, {
    steps: [valueStep((value) => (value === 'drop' ? null : value))],
  })
  give(record('drop', 1))
  give(record('drop', 2), record('a', 3))
  await eventually(() => producer.committed.length === 1)
  await stop()

  assert.deepEqual(producer.committed, [['out:a', 'offsets:3']])
})

test('the sizes of committed transactions are measured without dropped and aborted records', async (t) => {
  const { producer, requests, give, stop, metrics } = startTransactions(t, onRequest, {
    steps: [valueStep((value) => (value === 'drop' ? null : value))],
  })
  assert.equal(metrics.meanTransactionRecords, null)
  const [aborted, first, second] = [record('a', 1), record('d', 4), record('e', 5)]
  requests.abort(aborted)
  requests.commit(first)
  requests.commit(second)
  give(aborted, record('drop', 2), record('b', 3), record('c', 3), first, second)
  await eventually(() => producer.committed.length === 3)
  await stop()

  // The offset of the aborted record has a transaction of its own
  assert.equal(metrics.transactions, 3)
  assert.equal(metrics.minTransactionRecords, 0)
  assert.equal(metrics.maxTransactionRecords, 3)
  assert.equal(metrics.meanTransactionRecords, 4 / 3)
})

test('the hooks get records and offsets only after the commit', async (t) => {
  const told: string[] = []
  const committing = gate()
  const { producer, give, stop, copied } = startTransactions(t, afterEachBatch, {
    task: {
      delivered: (deliveries: readonly Delivery[]) =>
        void told.push(...deliveries.map(({ record: sent }) => `delivered ${String(sent.value)}`)),
      committed: (offsets: readonly StoredOffset[]) =>
        void told.push(...offsets.map(([, offset]) => `committed ${String(offset?.['position'])}`)),
    },
  })
  producer.committing = () => committing.opened
  give(record('a', 1), record('b', 2))
  await eventually(() => producer.events.includes('offsets:2'))
  assert.deepEqual([told, copied], [[], []])
  committing.open()
  await eventually(() => told.length === 3)
  await stop()

  assert.deepEqual(told.toSorted(), ['committed 2', 'delivered a', 'delivered b'])
  assert.deepEqual(copied, [2])
})

test('a stop commits the open transaction with the records of the last poll', async (t) => {
  const { producer, give, control, ended, polled, calls } = startTransactions(t, atTheEnd)
  give(record('a', 1))
  await eventually(() => polled() === 2)
  give(record('b', 2))
  control.stopSoftly()
  await ended

  assert.deepEqual(producer.committed.flat(), ['out:a', 'out:b', 'offsets:2'])
  assert.deepEqual(calls, ['start offsets', 'open', 'end'])
})

test('a pause commits the open transaction', async (t) => {
  const { producer, give, control, metrics, journal, stop } = startTransactions(t, atTheEnd)
  give(record('a', 1))
  await eventually(() => metrics.recordsOut === 1)
  control.setPaused(true)
  await eventually(() => journal.states.includes('paused'))
  assert.deepEqual(producer.committed, [['out:a', 'offsets:1']])
  await stop()
})

test('a transaction is held until the task is resumable', async (t) => {
  let resumable = false
  const { producer, give, polled, stop } = startTransactions(t, afterEachBatch, {
    task: { resumable: () => resumable },
  })
  give(record('a', 1))
  await eventually(() => polled() === 2)
  give(record('b', 2))
  await eventually(() => polled() === 3)
  assert.deepEqual(producer.events, ['begin', 'out:a', 'out:b'])
  resumable = true
  give(record('c', 3))
  await eventually(() => producer.committed.length === 1)
  await stop()

  assert.deepEqual(producer.committed, [['out:a', 'out:b', 'out:c', 'offsets:3']])
})

test('a stop aborts a transaction that is held, and a pause does not end it', async (t) => {
  const { producer, give, control, journal, polled, stop } = startTransactions(t, afterEachBatch, {
    task: { resumable: () => false, updateOffsets: () => [[{ file: 'f' }, { position: 7 }]] },
  })
  give(record('a', 1))
  await eventually(() => polled() === 2)
  control.setPaused(true)
  await eventually(() => journal.states.includes('paused'))
  assert.deepEqual(producer.events, ['begin', 'out:a'])
  await stop()

  assert.deepEqual(producer.events, ['begin', 'out:a', 'abort'])
})

test('a stop in the middle of a batch commits nothing of what the task sends again', async (t) => {
  const lookUps = new LookUps('b')
  const { producer, give, stop } = startTransactions(t, afterEachBatch, {
    task: { resumable: () => false },
    serializer: new Serializer(lookUps.converters),
  })
  give(record('a', 1), record('b', 2))
  await eventually(() => lookUps.asked.length > 0)
  await stop()

  assert.deepEqual(producer.events, ['begin', 'out:a', 'abort'])
})

test('a pause in the middle of a batch neither commits nor waits for the rest of it', async (t) => {
  const lookUps = new LookUps('b')
  const { producer, give, control, journal, stop } = startTransactions(t, afterEachBatch, {
    serializer: new Serializer(lookUps.converters),
  })
  give(record('a', 1), record('b', 2))
  await eventually(() => lookUps.asked.length > 0)
  control.setPaused(true)
  await eventually(() => journal.states.at(-1) === 'paused')
  lookUps.find('b')
  control.setPaused(false)
  await eventually(() => producer.committed.length === 1)
  await stop()

  assert.deepEqual(producer.events, ['begin', 'out:a', 'out:b', 'offsets:2', 'commit'])
})

test('a transaction that cannot be held longer is committed with a warning, and those that follow as usual', async (t) => {
  let resumable = false
  const { producer, give, journal, polled, stop } = startTransactions(t, afterEachBatch, {
    task: { resumable: () => resumable },
  })
  producer.timeoutMs = 2
  give(record('a', 1))
  await eventually(() => producer.committed.length === 1)
  producer.timeoutMs = 60_000
  give(record('b', 2))
  await eventually(() => producer.committed.length === 2)
  assert.equal(journal.lines.length, 1)
  assert.match(
    journal.lines[0] ?? '',
    /a restart now would repeat them: .*raise producer\.override\.transaction\.timeout\.ms/,
  )
  resumable = true
  give(record('c', 3))
  await eventually(() => producer.committed.length === 3)
  resumable = false
  give(record('d', 4))
  await eventually(() => polled() === 5)
  await stop()

  assert.equal(producer.events.slice(-3).join(' '), 'begin out:d abort')
})

test('a transaction is not held while its records wait for the delivered hook', async (t) => {
  const { producer, give, journal, stop } = startTransactions(t, afterEachBatch, {
    task: { resumable: () => false, delivered: () => {} },
  })
  give(...Array.from({ length: MOST_WAITING_DELIVERIES + 1 }, (_, index) => record('a', index)))
  await eventually(() => producer.committed.length === 1)
  await stop()

  assert.equal(journal.lines.length, 1)
  assert.match(journal.lines[0] ?? '', /more than 10000 records wait for the delivered hook/)
})

test('a task that defines its transactions ends them where it is not resumable too', async (t) => {
  let asked = 0
  const { producer, requests, give, stop } = startTransactions(t, onRequest, {
    task: { resumable: () => ++asked < 0 },
  })
  requests.commit()
  give(record('a', 1))
  await eventually(() => producer.committed.length === 1)
  await stop()

  assert.equal(asked, 0)
})

test('a task whose resumable() returns no boolean fails', async (t) => {
  const { producer, give, ended } = startTransactions(t, afterEachBatch, {
    task: { resumable: () => 'yes' } as unknown as Partial<SourceTask>,
  })
  give(record('a', 1))

  await assert.rejects(ended, { message: 'resumable() returned string, expected a boolean' })
  assert.deepEqual(producer.events, ['begin', 'out:a', 'abort'])
})

test('a task that failed commits nothing more, and its transaction is aborted', async (t) => {
  const { producer, give, ended, metrics, context } = startTransactions(t, atTheEnd)
  give(record('a', 1))
  await eventually(() => metrics.recordsOut === 1)
  context.fail(new RangeError('the source is gone'))

  await assert.rejects(ended, RangeError)
  assert.deepEqual(producer.events, ['begin', 'out:a', 'abort'])
})

test('a rejected record fails the task even if errors are tolerated', async (t) => {
  const { producer, give, ended } = startTransactions(t, atTheEnd, { tolerance: 'all' })
  producer.acknowledging = false
  give(record('a', 1))
  await eventually(() => producer.events.includes('out:a'))
  producer.refuse(refused)

  await assert.rejects(ended, {
    code: 'HR_CONNECT',
    message: 'Failed to flush offsets and/or records for task c-0',
    cause: refused,
  })
  assert.deepEqual(producer.events, ['begin', 'out:a', 'abort'])
})

test('a commit that fails fails the task with the reason', async (t) => {
  const { producer, give, ended, metrics } = startTransactions(t, afterEachBatch)
  const fenced = new ConnectError('HR_PRODUCER_FENCED', 'a newer producer has the transactional id')
  producer.committing = () => Promise.reject(fenced)
  give(record('a', 1))

  await assert.rejects(ended, {
    message: 'Failed to flush offsets and/or records for task c-0',
    cause: fenced,
  })
  assert.deepEqual([metrics.commitFailures, metrics.commitSuccesses], [1, 0])
})

test('the error of an expired transaction names the settings that help', async (t) => {
  const { producer, give, ended } = startTransactions(t, afterEachBatch)
  producer.committing = () => Promise.reject(new ConnectError('HR_TRANSACTION_EXPIRED', 'too old'))
  give(record('a', 1))

  await assert.rejects(ended, {
    message:
      /^The task c-0 was unable to finish writing records to Kafka before its producer transaction expired\..*transaction\.boundary\.interval\.ms/,
  })
})

test('a commit that fails at the end is the error of the task', async (t) => {
  const { producer, give, control, ended, metrics } = startTransactions(t, atTheEnd)
  give(record('a', 1))
  await eventually(() => metrics.recordsOut === 1)
  producer.committing = () => Promise.reject(refused)
  control.stopSoftly()

  await assert.rejects(ended, { cause: refused })
  assert.deepEqual(producer.events, ['begin', 'out:a', 'offsets:1', 'abort'])
})

test('a task that must end now neither commits nor waits for its records', async (t) => {
  const { producer, give, control, ended } = startTransactions(t, atTheEnd)
  producer.acknowledging = false
  give(record('a', 1))
  await eventually(() => producer.events.includes('out:a'))
  control.stopNow()
  await ended.catch(() => {})

  assert.deepEqual(producer.events, ['begin', 'out:a'])
})

test('a task may not write to its own offsets topic', async (t) => {
  const { producer, give, ended } = startTransactions(t, afterEachBatch)
  give(sourceRecord({ topic: 'offsets', value: 'x', sourcePartition: null, sourceOffset: null }))

  await assert.rejects(ended, {
    message: 'Source tasks may not produce to their own offsets topics when exactly-once support is enabled',
  })
  assert.deepEqual(producer.events, [])
})

test('offsets without records are committed in a transaction of their own', async (t) => {
  const { producer, journal, stop } = startTransactions(t, afterEachBatch, {
    task: { updateOffsets: () => [[{ file: 'f' }, { position: 7 }]] },
  })
  await eventually(() => journal.states.includes('running'))
  await stop()

  assert.deepEqual(producer.events, ['begin', 'offsets:7', 'commit'])
})

test('a task that defines its transactions commits after the batch or record that it names', async (t) => {
  const { producer, requests, give, stop } = startTransactions(t, onRequest)
  const [a, b, c, d] = [record('a', 1), record('b', 2), record('c', 3), record('d', 4)]
  requests.commit(b)
  give(a, b, c)
  await eventually(() => producer.committed.length === 1)
  requests.commit()
  give(d)
  await eventually(() => producer.committed.length === 2)
  await stop()

  assert.deepEqual(producer.committed, [
    ['out:a', 'out:b', 'offsets:2'],
    ['out:c', 'out:d', 'offsets:4'],
  ])
})

test('an aborted transaction drops its records, and their offsets are committed without them', async (t) => {
  const { producer, requests, give, stop } = startTransactions(t, onRequest)
  const [a, b] = [record('a', 1), record('b', 2)]
  requests.abort(a)
  requests.commit()
  give(a, b)
  await eventually(() => producer.committed.length === 2)
  await stop()

  assert.equal(
    producer.events.join(' '),
    'begin out:a abort begin offsets:1 commit begin out:b offsets:2 commit',
  )
})

test('a request to abort a transaction without records is ignored with a warning', async (t) => {
  const { producer, requests, give, journal, stop } = startTransactions(t, onRequest)
  requests.abort()
  give()
  await eventually(() => journal.lines.length === 1)
  await stop()

  assert.match(journal.lines[0] ?? '', /which has no records$/)
  assert.deepEqual(producer.events, [])
})

test('without a request, the transaction of a task that defines them is aborted at the end', async (t) => {
  const { producer, give, metrics, stop } = startTransactions(t, onRequest)
  give(record('a', 1))
  await eventually(() => metrics.recordsOut === 1)
  await stop()

  assert.deepEqual(producer.events, ['begin', 'out:a', 'abort'])
})
