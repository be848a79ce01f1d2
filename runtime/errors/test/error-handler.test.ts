import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../api/index.ts'
import { newErrorCounters } from '../counters.ts'
import { ErrorHandler, type ErrorSettings } from '../error-handler.ts'
import type { FailureReporter, RecordFailure } from '../failure.ts'

const quick: ErrorSettings = { retryTimeoutMs: 0, retryDelayMaxMs: 60_000, tolerance: 'all' }
const mendable = new ConnectError('HR_RETRIABLE', 'not now')
const bad = new ConnectError('HR_DATA_INVALID', 'bad record')

function failure(offset: number, error: unknown = bad): RecordFailure {
  const consumed = { topic: 't', partition: 0, offset, timestamp: 0, timestampType: 'CreateTime' }
  return { stage: 'TRANSFORMATION', executingClass: 'Step', error, record: undefined, consumed }
}

function handlerOf(settings: Partial<ErrorSettings> = {}, reporter?: Partial<FailureReporter>) {
  const counters = newErrorCounters()
  const reported: number[] = []
  const stop = new AbortController()
  const listening: FailureReporter = {
    report: (one) => {
      reported.push(one.consumed?.offset ?? -1)
      return undefined
    },
    ...reporter,
  }
  const handler = new ErrorHandler({ ...quick, ...settings }, [listening], counters, stop.signal)
  return { handler, counters, reported, stop }
}

const inOrder = (a: RecordFailure, b: RecordFailure) => (a.consumed?.offset ?? 0) - (b.consumed?.offset ?? 0)

const never = (): never => assert.fail('tried again')

test('a record with a permanent error is skipped immediately and reported', async () => {
  const { handler, counters, reported } = handlerOf({ retryTimeoutMs: 10_000 })
  assert.deepEqual(await handler.resolve(failure(7), never), { safe: undefined })
  assert.deepEqual(reported, [7])
  const { totalRecordFailures, totalRecordErrors, totalRecordsSkipped, totalRetries } = counters
  assert.deepEqual([totalRecordFailures, totalRecordErrors, totalRecordsSkipped, totalRetries], [1, 1, 1, 0])
  assert.ok(counters.lastErrorAt > 0)
})

test('without tolerance a failed record is reported and fails the task', async () => {
  const { handler, counters, reported } = handlerOf({ tolerance: 'none' })
  await assert.rejects(handler.resolve(failure(7), never), {
    message: 'Tolerance exceeded in error handler',
    cause: bad,
  })
  assert.deepEqual(reported, [7])
  assert.deepEqual([counters.totalRecordErrors, counters.totalRecordsSkipped], [1, 0])
})

test('a retriable error is retried until it succeeds', async () => {
  const { handler, counters, reported } = handlerOf({ retryTimeoutMs: -1, retryDelayMaxMs: 1 })
  let tries = 0
  const resolved = await handler.resolve(failure(1, mendable), () => {
    if (++tries < 3) throw mendable
    return 'mended'
  })
  assert.deepEqual(resolved, { value: 'mended' })
  assert.deepEqual(reported, [])
  const { totalRecordFailures, totalRetries, totalRecordErrors } = counters
  assert.deepEqual([totalRecordFailures, totalRetries, totalRecordErrors], [3, 3, 0])
})

test('a retriable error is counted once more at the retry timeout, as in Kafka Connect', async () => {
  const { handler, counters } = handlerOf()
  await handler.resolve(failure(1, mendable), never)
  assert.deepEqual([counters.totalRecordFailures, counters.totalRetries], [2, 0])
})

test('a record whose retries are interrupted by a stop is neither skipped nor reported', async () => {
  const { handler, counters, reported, stop } = handlerOf({ retryTimeoutMs: -1 })
  const resolving = handler.resolve(failure(1, mendable), never)
  stop.abort(new Error('stopping'))
  await assert.rejects(resolving, { message: 'stopping' })
  assert.deepEqual(reported, [])
  assert.equal(counters.totalRecordsSkipped, 0)
})

test('settled resolves only when all reports are stored', async () => {
  const acknowledge = new AbortController()
  const safe = new Promise<void>((resolve) => {
    acknowledge.signal.addEventListener('abort', () => resolve())
  })
  const { handler } = handlerOf({}, { report: () => safe })
  await handler.resolve(failure(1), never)
  let settled = false
  const settling = handler.settled().then(() => {
    settled = true
  })
  await new Promise(setImmediate)
  assert.equal(settled, false)
  acknowledge.abort()
  await settling
})

test('a lost report makes settled and check throw its error', async () => {
  const lost = new Error('lost')
  const { handler } = handlerOf({}, { report: () => Promise.reject(lost) })
  const skipped = await handler.resolve(failure(1), never)
  assert.ok('safe' in skipped)
  await assert.rejects(skipped.safe ?? Promise.resolve(), lost)
  await assert.rejects(handler.settled(), lost)
  assert.throws(() => handler.check(), lost)
})

test('without tolerance, a report of a task makes report and check throw', async () => {
  const { handler, counters } = handlerOf({ tolerance: 'none' })
  await assert.rejects(handler.report(failure(1)), { message: 'Tolerance exceeded in error handler' })
  assert.throws(() => handler.check(), { message: 'Tolerance exceeded in error handler' })
  assert.deepEqual([counters.totalRecordFailures, counters.totalRecordErrors], [1, 1])
})

test('a tolerated report of a task counts as a failure, but not as an error or a skipped record', async () => {
  const { handler, counters } = handlerOf()
  await handler.report(failure(1))
  const { totalRecordFailures, totalRecordErrors, totalRecordsSkipped } = counters
  assert.deepEqual([totalRecordFailures, totalRecordErrors, totalRecordsSkipped], [1, 0, 0])
})

test('buffered reports are sent in the order of records, except those after the last record', async () => {
  const { handler, counters, reported } = handlerOf()
  handler.hold()
  for (const offset of [5, 9, 3]) await handler.resolve(failure(offset), never)
  assert.deepEqual(reported, [])
  await handler.release(inOrder, failure(5))
  assert.deepEqual(reported, [3, 5])
  assert.equal(counters.totalRecordErrors, 2)
})
