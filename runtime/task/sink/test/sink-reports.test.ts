import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type SinkRecord } from '../../../../api/index.ts'
import type { FailureReporter } from '../../../errors/index.ts'
import { SinkReader, TransformChain, type ChainStep } from '../../../pipeline/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { Retries } from '../../context/retries.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { newSinkRequests } from '../sink-context.ts'
import { SinkOffsets } from '../sink-offsets.ts'
import { runSinkTask } from '../sink-task.ts'
import { TaskControl } from '../../stop.ts'
import { FakeConsumer, type Logs } from './fake-consumer.ts'
import {
  errorHandler,
  Journal,
  plainCalls,
  textConverters,
  unreported,
  valueStep,
} from '../../test/task-parts.ts'

const FLUSH_INTERVAL_MS = 1

interface Init {
  readonly logs: Logs
  readonly reporter: FailureReporter
  readonly steps?: readonly ChainStep[]
  readonly tolerance?: 'none' | 'all'
}

/** A sink task with a reporter, on partitions in memory. It commits as soon as it can. */
async function startSink({ logs, reporter, steps = [], tolerance = 'all' }: Init) {
  const control = new TaskControl(false)
  const journal = new Journal()
  const put: string[] = []
  const offsets = new SinkOffsets()
  const metrics = newTaskMetrics()
  const handler = errorHandler(tolerance, [reporter])
  let consumer: FakeConsumer | undefined
  const ended = runSinkTask(
    {
      open: async () => ({ put: (records) => void put.push(...records.map(({ value }) => String(value))) }),
      openConsumer: async (listener) => {
        consumer = new FakeConsumer(logs, listener)
        consumer.assign(Object.fromEntries(Object.keys(logs).map((key) => [key, undefined])))
        return consumer
      },
      reader: new SinkReader(textConverters, handler, (...seen) => offsets.read(...seen), true),
      chain: new TransformChain<SinkRecord>(steps, handler, ({ originalOffset, originalPartition }) => ({
        topic: 'topic',
        partition: originalPartition,
        offset: originalOffset,
        timestamp: 0,
        timestampType: 'CreateTime',
      })),
      offsets,
      requests: newSinkRequests(),
      handler,
      calls: plainCalls,
      lease: unlimitedLease(),
      outages: unreported,
      settings: { flushIntervalMs: FLUSH_INTERVAL_MS, flushTimeoutMs: 5000 },
      metrics,
      retries: new Retries(metrics, journal.log),
      log: journal.log,
      topicUsed: () => {},
    },
    control,
    journal,
  )
  ended.catch(() => {}) // the test awaits it later
  await eventually(() => consumer !== undefined)
  const stop = async () => {
    control.stopSoftly()
    await ended
  }
  return { put, ended, stop, journal, commits: () => consumer?.commits ?? [] }
}

const failingOn = (bad: string): ChainStep =>
  valueStep((value) => {
    if (value === bad) throw new ConnectError('HR_DATA_INVALID', `it is ${bad}`)
    return value
  })

test('no offset is committed before the dead letters that it covers are stored', async () => {
  const safe = gate()
  const reported: unknown[] = []
  const reporter: FailureReporter = {
    report: ({ consumed }) => {
      reported.push(consumed?.offset)
      return safe.opened
    },
  }
  const { put, stop, commits } = await startSink({ logs: { 0: ['a', 'unreadable', 'c'] }, reporter })
  await eventually(() => put.length === 2)
  const due = Date.now() + 10 * FLUSH_INTERVAL_MS
  await eventually(() => Date.now() > due)
  assert.deepEqual(reported, [1])
  assert.deepEqual(commits(), [])

  safe.open()
  await eventually(() => commits().length > 0)
  await stop()
  assert.deepEqual(commits(), ['0@3'])
})

test('a lost dead letter fails the task, and nothing is committed', async () => {
  const lost = new ConnectError('HR_CONNECT', 'the queue is gone')
  const reporter: FailureReporter = { report: () => Promise.reject(lost) }
  const { ended, commits } = await startSink({ logs: { 0: ['a', 'unreadable'] }, reporter })
  await assert.rejects(ended)
  assert.deepEqual(commits(), [])
})

test('reports are in the order of records, regardless of the failed stage', async () => {
  const reported: string[] = []
  const reporter: FailureReporter = {
    report: ({ stage, consumed }) => void reported.push(`${consumed?.offset} ${stage}`),
  }
  const steps = [failingOn('late'), failingOn('early')]
  const logs = { 0: ['early', 'unreadable', 'late', 'early', 'good'] }
  const { put, stop } = await startSink({ logs, reporter, steps })
  await eventually(() => put.length === 1)
  await stop()
  assert.deepEqual(reported, [
    '0 TRANSFORMATION',
    '1 VALUE_CONVERTER',
    '2 TRANSFORMATION',
    '3 TRANSFORMATION',
  ])
})

test('without tolerance only the first failed record is reported, as in Java, which processes one record at a time', async () => {
  const reported: unknown[] = []
  const reporter: FailureReporter = { report: ({ consumed }) => void reported.push(consumed?.offset) }
  const logs = { 0: ['good', 'bad', 'unreadable'] }
  const { put, ended } = await startSink({ logs, reporter, steps: [failingOn('bad')], tolerance: 'none' })
  await assert.rejects(ended, { message: 'Tolerance exceeded in error handler' })
  assert.deepEqual(put, ['good'])
  assert.deepEqual(reported, [1])
})

test('records of other partitions after the failed one do not count as delivered', async () => {
  const reporter: FailureReporter = { report: () => undefined }
  const logs = { 0: ['a', 'bad', 'c'], 1: ['d', 'e'] }
  const { put, ended, commits } = await startSink({
    logs,
    reporter,
    steps: [failingOn('bad')],
    tolerance: 'none',
  })
  await assert.rejects(ended)
  const last = (partition: string) => commits().findLast((commit) => commit.startsWith(partition))
  assert.equal(last('0'), '0@1')
  const delivered = put.filter((value) => value === 'd' || value === 'e').length
  assert.equal(last('1'), delivered === 0 ? undefined : `1@${delivered}`)
})
