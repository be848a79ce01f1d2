import type { TestContext } from 'node:test'
import { sourceRecord, type SourceRecord, type SourceTask, type TaskContext } from '../../../../api/index.ts'
import { Serializer, TransformChain, type ChainStep, type WaitReports } from '../../../pipeline/index.ts'
import type { PartitionOffsetEntry } from '../../../stores/index.ts'
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
import type { TransactionParts } from '../exactly-once/ports.ts'
import { runSourceTask } from '../source-task.ts'
import { FakeProducer } from './fake-producer.ts'

export const sourcePartition = { file: 'f' }

/** Records with these values, at positions starting at `from`. */
export function batch(values: readonly string[], from = 1): SourceRecord[] {
  return values.map((value, step) =>
    sourceRecord({ topic: 'out', value, sourcePartition, sourceOffset: { position: from + step } }),
  )
}

interface SourceInit {
  /** Results of successive polls; later polls return no records. */
  readonly batches?: readonly (readonly SourceRecord[])[]
  readonly task?: Partial<SourceTask>
  readonly steps?: readonly ChainStep[]
  readonly tolerance?: 'none' | 'all'
  readonly serializer?: Serializer
  readonly outages?: WaitReports
  readonly flushIntervalMs?: number
  readonly flushTimeoutMs?: number
  readonly finalFlushMs?: number
  readonly paused?: boolean
  readonly opened?: (context: TaskContext) => void
  readonly create?: (topic: string) => Promise<void>
  readonly findPartitions?: (topic: string) => Promise<void>
  readonly store?: (offsets: readonly PartitionOffsetEntry[]) => Promise<void>
  readonly producer?: FakeProducer
  readonly transactions?: TransactionParts
}

/** A source task on a producer in memory, with a record of its calls. */
export function startSource(t: TestContext, init: SourceInit = {}) {
  const journal = new Journal()
  const control = new TaskControl(init.paused ?? false)
  const lease = unlimitedLease()
  const producer = init.producer ?? new FakeProducer()
  const reported: unknown[] = []
  const handler = errorHandler(init.tolerance, [
    { report: ({ stage, record }) => void reported.push([stage, record?.value]) },
  ])
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
  const context = testContext(control, metrics, journal)
  const ended = runSourceTask(
    {
      startOffsets: async () => void calls.push('start offsets'),
      open: async () => {
        calls.push('open')
        init.opened?.(context)
        return task
      },
      className: 'TestConnector',
      name: 'c-0',
      calls: plainCalls,
      lease,
      outages: init.outages ?? unreported,
      store: async (offsets) => {
        await init.store?.(offsets)
        for (const [, offset] of offsets) stored.push(Number(offset?.['position']))
      },
      settings: {
        flushIntervalMs: init.flushIntervalMs ?? 60_000,
        flushTimeoutMs: init.flushTimeoutMs ?? 5000,
      },
      finalFlushMs: init.finalFlushMs ?? 5000,
      chain: new TransformChain<SourceRecord>(init.steps ?? [], handler),
      serializer: init.serializer ?? new Serializer(textConverters),
      producer,
      ...(init.transactions === undefined ? {} : { transactions: init.transactions }),
      handler,
      topics: {
        isReady: (topic) => ready.has(topic),
        create: async (topic) => init.create?.(topic),
        findPartitions: async (topic) => {
          await init.findPartitions?.(topic)
          ready.add(topic)
        },
      },
      metrics,
      retries: new Retries(metrics, journal.log),
      log: journal.log,
      topicUsed: () => {},
    },
    control,
    journal,
  )
  ended.catch(() => {}) // the test awaits it later
  const stop = async () => {
    control.stopSoftly()
    await ended
  }
  t.after(() => {
    control.stopNow()
    return ended.catch(() => {})
  })
  return { context, lease, producer, control, journal, stored, calls, metrics, ended, stop, reported }
}
