import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, NotReady } from '../../../api/index.ts'
import {
  ConversionFailure,
  ConversionInterrupted,
  ErrorHandler,
  newErrorCounters,
} from '../../errors/index.ts'
import { gate } from '../../timing/test/gate.ts'
import { ConverterWaits, waitAtMost, type Wait } from '../converter-waits.ts'

const patient: Wait = (until) => until(new AbortController().signal)
const about = { record: undefined }

const unready = (ready: Promise<unknown>) =>
  new ConversionFailure('VALUE_CONVERTER', 'Registry', new NotReady(ready, 'schema 7'))

function handlerOf(tolerance: 'none' | 'all' = 'all', retryTimeoutMs = 0) {
  const counters = newErrorCounters()
  const settings = { retryTimeoutMs, retryDelayMaxMs: 1, tolerance }
  const reported: string[] = []
  const reporter = { report: ({ error }: { error: unknown }) => void reported.push(String(error)) }
  return {
    handler: new ErrorHandler(settings, [reporter], counters, new AbortController().signal),
    counters,
    reported,
  }
}

test('a converter that becomes ready is called again and nothing counts as an error', async () => {
  const { handler, counters, reported } = handlerOf()
  const { opened, open } = gate()
  const shown: string[] = []
  const waits = new ConverterWaits(patient, {
    failing: (_need, { reason }) => shown.push(reason),
    recovered: () => shown.push('over'),
  })
  let calls = 0
  const resolving = waits.resolve(handler, unready(opened), about, () => {
    if (++calls === 1) throw unready(opened)
    return 'converted'
  })
  open()

  assert.deepEqual(await resolving, { value: 'converted' })
  assert.deepEqual([counters, reported], [newErrorCounters(), []])
  assert.deepEqual(shown, [
    'the converter Registry is not ready: waiting for schema 7',
    'over',
    'the converter Registry is not ready: waiting for schema 7',
    'over',
  ])
})

test('a rejected promise is the failure of the record', async () => {
  const broken = new ConnectError('HR_DATA_INVALID', 'there is no schema 7')
  const waits = new ConverterWaits(patient)
  const convert = () => assert.fail('converted again')
  const rejected = () => unready(Promise.reject(broken))
  const tolerant = handlerOf('all')
  const strict = handlerOf('none')

  assert.deepEqual(await waits.resolve(tolerant.handler, rejected(), about, convert), {
    safe: undefined,
  })
  assert.equal(tolerant.counters.totalRecordsSkipped, 1)
  await assert.rejects(waits.resolve(strict.handler, rejected(), about, convert), {
    message: 'Tolerance exceeded in error handler',
    cause: broken,
  })
})

test('a promise that is rejected with a retriable error is retried until a later one resolves', async () => {
  const { handler, counters } = handlerOf('none', -1)
  const lookUps = [
    () => Promise.reject(new ConnectError('HR_RETRIABLE', 'no answer')),
    () => Promise.reject(new ConnectError('HR_RETRIABLE', 'no answer')),
    () => Promise.resolve(),
  ]
  const waits = new ConverterWaits(patient)
  const resolved = await waits.resolve(handler, unready(Promise.resolve()), about, () => {
    const next = lookUps.shift()
    if (next === undefined) return 'converted'
    throw unready(next())
  })

  assert.deepEqual(resolved, { value: 'converted' })
  assert.deepEqual([counters.totalRetries, counters.totalRecordErrors], [2, 0])
})

test('a converter that never becomes ready fails the record, and the error names it', async () => {
  let calls = 0
  const converting = new ConverterWaits(patient).convert(() => {
    calls++
    throw unready(Promise.resolve())
  })

  await assert.rejects(converting, ({ error, executingClass }: ConversionFailure) => {
    assert.match(String(error), /The converter Registry threw NotReady 100 times for one record/)
    return executingClass === 'Registry'
  })
  assert.equal(calls, 101)
})

test('an interrupted wait does not count as a failure, even between two retries', async () => {
  const { handler, counters } = handlerOf('all', -1)
  const interrupting: Wait = async () => {
    throw new ConversionInterrupted()
  }
  const pending = unready(new Promise(() => {}))
  const retriable = new ConversionFailure(
    'VALUE_CONVERTER',
    'Registry',
    new ConnectError('HR_RETRIABLE', 'x'),
  )
  const convert = () => {
    throw pending
  }
  const waits = new ConverterWaits(interrupting)

  await assert.rejects(waits.resolve(handler, pending, about, convert), ConversionInterrupted)
  await assert.rejects(waits.resolve(handler, retriable, about, convert), ConversionInterrupted)
  assert.equal(counters.totalRecordsSkipped, 0)
})

test('a wait that takes too long, or whose signal is aborted, fails with the given error', async () => {
  const never = async (signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    throw signal.reason
  }
  const late = () => new Error('too late')
  const { signal } = new AbortController()

  await assert.rejects(waitAtMost(1, signal, late)(never), { message: 'too late' })
  const waits = new ConverterWaits(waitAtMost(Infinity, AbortSignal.abort(), late))
  await assert.rejects(
    waits.convert(() => {
      throw unready(new Promise(() => {}))
    }),
    ({ stage, error }: ConversionFailure) =>
      stage === 'VALUE_CONVERTER' && String(error) === 'Error: too late',
  )
})
