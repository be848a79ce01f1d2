import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, type SourceOffset, type SourceRecord } from '../index.ts'
import { RecordQueue } from '../record-queue.ts'

const records = (...values: readonly string[]): SourceRecord[] =>
  values.map((value) => sourceRecord({ topic: 't', sourcePartition: null, sourceOffset: null, value }))

const valuesOf = (batch: readonly SourceRecord[]): unknown[] => batch.map(({ value }) => value)

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The outcome of a promise; undefined while it is pending. */
function watch(promise: Promise<unknown>) {
  const seen: { outcome: unknown } = { outcome: undefined }
  promise.then(
    (value) => (seen.outcome = value ?? 'resolved'),
    (error: unknown) => (seen.outcome = error),
  )
  return seen
}

const never = new AbortController().signal
const limits = { maxRecords: 3, maxBytes: 100 }
const broken = new Error('the stream broke')

test('poll resolves to all pushed records in order, and waits while the queue is empty', async () => {
  const queue = new RecordQueue(limits)
  await queue.push(records('a', 'b'), 20)
  await queue.push(records('c'), 10)
  assert.deepEqual([queue.size, queue.bytes], [3, 30])
  assert.deepEqual(valuesOf(await queue.poll(never)), ['a', 'b', 'c'])
  assert.deepEqual([queue.size, queue.bytes], [0, 0])

  const polling = queue.poll(never)
  const seen = watch(polling)
  await settle()
  assert.equal(seen.outcome, undefined)
  await queue.push(records('d'), 1)
  assert.deepEqual(valuesOf(await polling), ['d'])
})

test('push waits while there are too many records, and while there are too many bytes', async () => {
  for (const [first, second, bytes] of [
    [records('a', 'b'), records('c', 'd'), 1],
    [records('a'), records('c'), 60],
  ] as const) {
    const queue = new RecordQueue(limits)
    await queue.push(first, bytes)
    const pushed = watch(queue.push(second, bytes))
    await settle()
    assert.deepEqual([pushed.outcome, queue.size, queue.bytes], [undefined, first.length, bytes])

    assert.deepEqual(await queue.poll(never), first)
    await settle()
    assert.deepEqual([pushed.outcome, queue.size, queue.bytes], ['resolved', second.length, bytes])
    assert.deepEqual(await queue.poll(never), second)
  }
})

test('a batch larger than the queue is accepted once the queue is empty', async () => {
  const queue = new RecordQueue(limits)
  await queue.push(records('a', 'b', 'c', 'd'), 1000)
  const next = watch(queue.push(records('e'), 1))
  await settle()
  assert.equal(next.outcome, undefined)

  assert.deepEqual(valuesOf(await queue.poll(never)), ['a', 'b', 'c', 'd'])
  assert.deepEqual(valuesOf(await queue.poll(never)), ['e'])
})

test('a small batch does not overtake a waiting large one', async () => {
  const queue = new RecordQueue(limits)
  await queue.push(records('a', 'b'), 1)
  const large = watch(queue.push(records('c', 'd', 'e'), 1))
  const small = watch(queue.push(records('f'), 1))
  await settle()
  assert.deepEqual([large.outcome, small.outcome], [undefined, undefined])

  const polled = [await queue.poll(never), await queue.poll(never), await queue.poll(never)]
  assert.deepEqual(polled.map(valuesOf), [['a', 'b'], ['c', 'd', 'e'], ['f']])
})

test('an aborted signal wakes poll and leaves the records in the queue', async () => {
  const queue = new RecordQueue(limits)
  const pause = new AbortController()
  const polling = queue.poll(pause.signal)
  pause.abort()
  assert.deepEqual(await polling, [])

  await queue.push(records('a'), 1)
  assert.deepEqual(await queue.poll(pause.signal), [])
  assert.deepEqual(valuesOf(await queue.poll(never)), ['a'])
})

test('after fail, poll returns the queued records, then rejects; push rejects immediately', async () => {
  const queue = new RecordQueue(limits)
  await queue.push(records('a', 'b', 'c'), 1)
  const waiting = watch(queue.push(records('d'), 1))
  queue.fail(broken)
  queue.fail(new Error('a second one'))
  await settle()

  assert.equal(waiting.outcome, broken)
  await assert.rejects(queue.push(records('e'), 1), broken)
  assert.deepEqual(valuesOf(await queue.poll(never)), ['a', 'b', 'c'])
  await assert.rejects(queue.poll(never), broken)
})

test('fail and close wake a waiting poll', async () => {
  const failing = new RecordQueue(limits)
  const polling = failing.poll(never)
  failing.fail(broken)
  await assert.rejects(polling, broken)

  const closing = new RecordQueue(limits)
  const last = closing.poll(never)
  closing.close()
  assert.deepEqual(await last, [])
})

test('close drops queued records and rejects pushes, including waiting ones', async () => {
  const queue = new RecordQueue(limits)
  await queue.push(records('a', 'b', 'c'), 1)
  const waiting = queue.push(records('d'), 1)
  queue.close()

  await assert.rejects(waiting, { code: 'HR_ILLEGAL_STATE' })
  await assert.rejects(queue.push(records('e'), 1), { code: 'HR_ILLEGAL_STATE' })
  assert.deepEqual([queue.size, queue.bytes], [0, 0])
  assert.deepEqual(await queue.poll(never), [])
})

test('an empty batch changes nothing', async () => {
  const queue = new RecordQueue(limits)
  const seen = watch(queue.poll(never))
  await queue.push([], 0)
  await settle()

  assert.deepEqual([seen.outcome, queue.size], [undefined, 0])
  queue.close()
})

test('invalid limits and sizes are rejected', async () => {
  for (const limit of [0, -1, Number.NaN]) {
    assert.throws(() => new RecordQueue({ maxRecords: limit, maxBytes: 1 }), /maxRecords is .+, expected/)
    assert.throws(() => new RecordQueue({ maxRecords: 1, maxBytes: limit }), { code: 'HR_ILLEGAL_ARGUMENT' })
  }
  await assert.rejects(new RecordQueue(limits).push(records('a'), Number.NaN), /bytes is NaN, expected/)
})

test('poll does not divide records that share one offset object, unless there are more than maxPolled', async () => {
  const shared = { lsn: 1 }
  const sharing = (value: string, sourceOffset: SourceOffset) =>
    sourceRecord({ topic: 't', sourcePartition: null, sourceOffset, value })
  const pairs = ['a', 'b', 'c'].flatMap((name, lsn) => {
    const offset = { lsn }
    return [sharing(name, offset), sharing(`${name} tombstone`, offset)]
  })
  const polled = async (maxPolled: number, batch: readonly SourceRecord[]) => {
    const queue = new RecordQueue({ maxRecords: 10, maxBytes: 100, maxPolled })
    await queue.push(batch, 1)
    const sizes: number[] = []
    while (queue.size > 0) sizes.push((await queue.poll(never)).length)
    return sizes
  }
  assert.deepEqual(await polled(3, pairs), [2, 2, 2])
  assert.deepEqual(await polled(5, pairs), [4, 2])
  assert.deepEqual(await polled(1, pairs), [2, 2, 2])
  assert.deepEqual(
    await polled(
      2,
      ['a', 'b', 'c'].map((name) => sharing(name, shared)),
    ),
    [3],
  )
  const equal = ['a', 'b', 'c'].map((name) => sharing(name, { lsn: 1 }))
  assert.deepEqual(await polled(2, equal), [2, 1], 'equal offsets are not one object')
})

test('poll resolves to at most maxPolled records; the others stay, and their batches count until they are taken', async () => {
  const queue = new RecordQueue({ maxRecords: 10, maxBytes: 100, maxPolled: 2 })
  await queue.push(records('a'), 1)
  await queue.push(records('b', 'c', 'd'), 30)
  await queue.push(records('e'), 5)
  const seen = []
  while (queue.size > 0) seen.push([valuesOf(await queue.poll(never)), queue.size, queue.bytes])
  assert.deepEqual(seen, [
    [['a', 'b'], 3, 35],
    [['c', 'd'], 1, 5],
    [['e'], 0, 0],
  ])
})

test('a push that waits for room is added once enough polls have taken records', async () => {
  const queue = new RecordQueue({ maxRecords: 3, maxBytes: 100, maxPolled: 1 })
  await queue.push(records('a', 'b', 'c'), 3)
  const pushed = watch(queue.push(records('d', 'e'), 2))
  assert.deepEqual(valuesOf(await queue.poll(never)), ['a'])
  await settle()
  assert.equal(pushed.outcome, undefined)
  assert.deepEqual(valuesOf(await queue.poll(never)), ['b'])
  await settle()
  assert.deepEqual([pushed.outcome, queue.size, queue.bytes], ['resolved', 3, 5])
})

test('a failure is thrown after all records before it, however many polls that takes', async () => {
  const queue = new RecordQueue({ maxRecords: 3, maxBytes: 100, maxPolled: 2 })
  await queue.push(records('a', 'b', 'c'), 3)
  queue.fail(broken)
  assert.deepEqual(valuesOf(await queue.poll(never)), ['a', 'b'])
  assert.deepEqual(valuesOf(await queue.poll(never)), ['c'])
  await assert.rejects(queue.poll(never), broken)
})
