import type { TestContext } from 'node:test'
import { ConnectError, type SinkRecord, type SinkTask, type SinkTaskContext } from '../../../../api/index.ts'
import type { ConsumedPlace, FailureReporter } from '../../../errors/index.ts'
import {
  SinkReader,
  TransformChain,
  type ChainStep,
  type Converters,
  type WaitReports,
} from '../../../pipeline/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { Retries } from '../../context/retries.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { TaskControl } from '../../stop.ts'
import {
  errorHandler,
  Journal,
  testContext,
  plainCalls,
  textConverters,
  unreported,
} from '../../test/task-parts.ts'
import { errantRecordReporter } from '../errant-records.ts'
import { newSinkRequests, sinkContext } from '../sink-context.ts'
import { SinkOffsets } from '../sink-offsets.ts'
import { runSinkTask } from '../sink-task.ts'
import { FakeConsumer, type Logs } from './fake-consumer.ts'

export const retriable = (): ConnectError => new ConnectError('HR_RETRIABLE', 'not now')

const placeOf = ({ originalTopic, originalPartition, originalOffset }: SinkRecord): ConsumedPlace => ({
  topic: originalTopic,
  partition: originalPartition,
  offset: originalOffset,
  timestamp: 0,
  timestampType: 'CreateTime',
})

interface SinkInit {
  readonly logs?: Logs
  readonly assigned?: Readonly<Record<number, number | undefined>>
  readonly task?: Partial<SinkTask>
  readonly steps?: readonly ChainStep[]
  readonly tolerance?: 'none' | 'all'
  readonly flushIntervalMs?: number
  readonly flushTimeoutMs?: number
  readonly paused?: boolean
  readonly converters?: Converters
  readonly outages?: WaitReports
  readonly reporters?: readonly FailureReporter[]
  readonly maxRecords?: number
  readonly opened?: (context: SinkTaskContext) => void
}

const partitions = (list: readonly { partition: number }[]): string =>
  list.map(({ partition }) => partition).join()

/** A running sink task on partitions in memory, with a record of its calls. */
export async function startSink(t: TestContext, init: SinkInit = {}) {
  const { logs = { 0: ['a', 'b', 'c'] }, assigned = { 0: undefined } } = init
  const journal = new Journal()
  const control = new TaskControl(init.paused ?? false)
  const lease = unlimitedLease()
  const put: string[][] = []
  const calls: string[] = []
  const task: SinkTask = {
    put: (records) => {
      if (records.length > 0) put.push(records.map(({ value }) => String(value)))
    },
    open: (list) => void calls.push(`open ${partitions(list)}`),
    closePartitions: (list) => void calls.push(`close ${partitions(list)}`),
    close: () => void calls.push('end'),
    ...init.task,
  }
  const offsets = new SinkOffsets()
  const handler = errorHandler(init.tolerance, init.reporters)
  const requests = newSinkRequests()
  const metrics = newTaskMetrics()
  let consumer: FakeConsumer | undefined
  const errantRecords = errantRecordReporter(handler, placeOf)
  const context = sinkContext(testContext(control, metrics, journal), requests, () => consumer, errantRecords)
  const ended = runSinkTask(
    {
      open: async () => {
        init.opened?.(context)
        return task
      },
      openConsumer: async (listener) => {
        consumer = new FakeConsumer(logs, listener)
        consumer.maxRecords = init.maxRecords ?? 100
        consumer.assign(assigned)
        return consumer
      },
      reader: new SinkReader(
        init.converters ?? textConverters,
        handler,
        (...seen) => offsets.read(...seen),
        false,
      ),
      chain: new TransformChain<SinkRecord>(init.steps ?? [], handler),
      offsets,
      requests,
      handler,
      calls: plainCalls,
      lease,
      outages: init.outages ?? unreported,
      settings: {
        flushIntervalMs: init.flushIntervalMs ?? 60_000,
        flushTimeoutMs: init.flushTimeoutMs ?? 5000,
      },
      metrics,
      retries: new Retries(metrics, journal.log),
      log: journal.log,
      topicUsed: () => {},
    },
    control,
    journal,
  )
  let over = false
  void ended.catch(() => {}).finally(() => (over = true)) // the test awaits it later
  const stop = async () => {
    control.stopSoftly()
    await ended
  }
  t.after(() => stop().catch(() => {}))
  if (init.paused !== true) await eventually(() => consumer !== undefined || over)
  return { consumer: () => consumer!, lease, control, journal, put, calls, context, metrics, ended, stop }
}
