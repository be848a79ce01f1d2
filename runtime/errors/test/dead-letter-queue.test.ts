import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, sourceRecord, type Logger } from '../../../api/index.ts'
import type { DeliveryListener, Producer, RawRecord } from '../../kafka/index.ts'
import { newErrorCounters } from '../counters.ts'
import { deadLetterQueue, type DeadLetterBytes } from '../dead-letter-queue.ts'
import type { RecordFailure } from '../failure.ts'
import { gate, settle } from '../../timing/test/gate.ts'

const silent: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  trace: () => {},
}

const letter = { key: 'k', value: 'v', headers: [{ key: 'h', value: 'x' }] }

/** A dead letter queue whose producer collects its records. */
function queueOf({
  contextHeaders = false,
  room = true,
  timestamp = 5,
  bytesOf = () => ({ ...letter, timestamp }),
}: {
  readonly contextHeaders?: boolean
  readonly room?: boolean
  readonly timestamp?: number
  readonly bytesOf?: DeadLetterBytes
} = {}) {
  const written: { record: RawRecord; topic: string; listener: DeliveryListener }[] = []
  const producer: Producer = {
    prepare: async () => {},
    refresh: async () => {},
    stop: () => {},
    check: () => {},
    append: (topic, _partition, record, listener) => {
      written.push({ record, topic, listener })
      return room
    },
    room: async () => {},
    flush: async () => {},
    close: async () => {},
  }
  const counters = newErrorCounters()
  const settings = { topic: 'dlq', contextHeaders, bytesOf }
  const queue = deadLetterQueue({ connector: 'c', task: 3 }, settings, producer, counters, silent)
  return { queue, written, counters }
}

const consumed = { topic: 't', partition: 1, offset: 2, timestamp: 5, timestampType: 'CreateTime' }
const failure: RecordFailure = {
  stage: 'TASK_PUT',
  executingClass: 'Sink',
  error: new ConnectError('HR_DATA_INVALID', 'outer', { cause: new TypeError('inner') }),
  record: undefined,
  consumed,
}

const headersOf = (record: RawRecord | undefined) =>
  new Map(record?.headers.map(({ key, value }) => [key, value === null ? null : value.toString()]))

test('a dead letter has the original bytes, and is stored once it is acknowledged', async () => {
  const { queue, written, counters } = queueOf()
  const safe = queue.report(failure)
  assert.equal(written[0]?.topic, 'dlq')
  assert.deepEqual(written[0].record, {
    key: 'k',
    value: 'v',
    timestamp: 5,
    headers: [{ key: 'h', value: 'x' }],
  })
  written[0].listener.acknowledged(0, 1, 'dlq', 0, 0)
  await safe
  assert.deepEqual([counters.deadLetterQueueRequests, counters.deadLetterQueueFailures], [1, 0])
})

test('context headers follow those of the record, the stack trace with the Java class first', () => {
  const { queue, written } = queueOf({ contextHeaders: true })
  void queue.report(failure)
  const headers = headersOf(written[0]?.record)
  const trace = headers.get('__connect.errors.exception.stacktrace') ?? ''
  headers.delete('__connect.errors.exception.stacktrace')
  assert.deepEqual(
    [...headers],
    [
      ['h', 'x'],
      ['__connect.errors.topic', 't'],
      ['__connect.errors.partition', '1'],
      ['__connect.errors.offset', '2'],
      ['__connect.errors.connector.name', 'c'],
      ['__connect.errors.task.id', '3'],
      ['__connect.errors.stage', 'TASK_PUT'],
      ['__connect.errors.class.name', 'Sink'],
      ['__connect.errors.exception.class.name', 'org.apache.kafka.connect.errors.DataException'],
      ['__connect.errors.exception.message', 'outer'],
    ],
  )
  assert.match(trace, /^org\.apache\.kafka\.connect\.errors\.DataException: outer\n\tat /)
  assert.match(trace, /\nCaused by: TypeError: inner\n\tat /)
})

test('an error without a message has a header without a value', () => {
  const { queue, written } = queueOf({ contextHeaders: true })
  void queue.report({ ...failure, error: new Error() })
  assert.equal(headersOf(written[0]?.record).get('__connect.errors.exception.message'), null)
})

test('a dead letter of a source contains the source partition and offset', () => {
  const { queue, written } = queueOf({ contextHeaders: true })
  const record = sourceRecord({
    topic: 'out',
    sourcePartition: { file: 'a' },
    sourceOffset: { at: 2n ** 60n },
  })
  void queue.report({ stage: 'TRANSFORMATION', executingClass: 'Step', error: 'thrown text', record })
  const headers = headersOf(written[0]?.record)
  assert.equal(headers.get('__connect.errors.topic'), 'out')
  assert.equal(headers.get('__connect.errors.source.partition'), '{"file":"a"}')
  assert.equal(headers.get('__connect.errors.source.offset'), '{"at":"1152921504606846976"}')
  assert.equal(headers.get('__connect.errors.exception.message'), 'thrown text')
  assert.equal(headers.has('__connect.errors.offset'), false)
})

test('a dead letter that the queue rejects is lost and counted', async () => {
  const { queue, written, counters } = queueOf()
  const safe = queue.report(failure)
  written[0]?.listener.failed(0, 1, new ConnectError('HR_RECORD_TOO_LARGE', 'too large'))
  await assert.rejects(safe ?? Promise.resolve(), {
    message: 'Could not produce message to dead letter queue. topic=dlq',
  })
  assert.deepEqual([counters.deadLetterQueueRequests, counters.deadLetterQueueFailures], [1, 1])
})

test('a dead letter waits for space in a full buffer', () => {
  const { queue } = queueOf({ room: false })
  const { signal } = new AbortController()
  assert.equal(queue.room?.(signal), undefined)
  void queue.report(failure)
  assert.notEqual(queue.room?.(signal), undefined)
})

test('a dead letter with an invalid timestamp gets the current time', () => {
  for (const timestamp of [-1, -1000, NaN, 1.5]) {
    const { queue, written } = queueOf({ timestamp })
    void queue.report(failure)

    assert.ok(Math.abs((written[0]?.record.timestamp ?? 0) - Date.now()) < 60_000, String(timestamp))
  }
})

const failureAt = (offset: number): RecordFailure => ({ ...failure, consumed: { ...consumed, offset } })

/** Letters whose value is the offset; that of offset 1 waits for its converter. */
function waitingLetters() {
  const ready = gate<RawRecord>()
  const bytesOf: DeadLetterBytes = (one) => {
    const record = { ...letter, value: String(one.consumed?.offset), timestamp: 5 }
    return one.consumed?.offset === 1 ? ready.opened.then(() => record) : record
  }
  return { ready, bytesOf }
}

test('a letter whose converter is not ready keeps its place before later letters', async () => {
  const { ready, bytesOf } = waitingLetters()
  const { queue, written } = queueOf({ bytesOf })
  for (const offset of [0, 1, 2, 3]) void queue.report(failureAt(offset))
  await settle()
  assert.deepEqual(written.length, 1)
  const room = queue.room?.(new AbortController().signal)
  const closed = queue.close?.()
  ready.open({ ...letter, timestamp: 5 })
  await Promise.all([room, closed])
  void queue.report(failureAt(4))

  assert.deepEqual(
    written.map(({ record }) => record.value),
    ['0', '1', '2', '3', '4'],
  )
})

test('a letter that cannot be converted after a wait is lost, and later ones are written', async () => {
  const { ready, bytesOf } = waitingLetters()
  const { queue, written, counters } = queueOf({ bytesOf })
  const lost = queue.report(failureAt(1))
  void queue.report(failureAt(2))
  ready.break(new Error('no registry'))

  await assert.rejects(lost ?? Promise.resolve(), { code: 'HR_CONNECT' })
  await queue.close?.()
  assert.deepEqual([written.length, counters.deadLetterQueueFailures], [1, 1])
})

test('a stop ends the wait for room after a letter that is not ready', async () => {
  const { queue } = queueOf({ bytesOf: () => new Promise(() => {}) })
  void queue.report(failure)

  await assert.rejects(async () => queue.room?.(AbortSignal.abort(new Error('stop'))), { message: 'stop' })
})
