import type {
  SourceOffset,
  SourcePartition,
  SourceRecord,
  SourceTask,
  TaskRetry,
} from '../../../../api/index.ts'
import { sinkNaming } from '../naming/sink-naming.ts'
import type { ObjectNaming, SourcePlan } from '../plan.ts'
import type { Share } from '../positions/shares.ts'
import { openSourceTask } from '../task.ts'
import { lineReader, type FakeBucket } from './fake-bucket.ts'

const parse = sinkNaming({
  topicsDir: 'topics',
  directoryDelim: '/',
  fileDelim: '+',
  tombstoneDirectory: 'tombstone',
})

/** Only objects with the names of the sink, in the format of lines. */
export const series: ObjectNaming = {
  singles: false,
  parse: (key) => (key.includes('.foreign') ? undefined : parse(key)),
}

/** Objects with any name, and the series. */
export const anyName: ObjectNaming = {
  singles: true,
  parse: (key) => parse(key) ?? { kind: 'single', topic: 'all', partition: null },
}

export function plan(changes: Partial<SourcePlan> = {}): SourcePlan {
  return {
    bucket: 'b',
    roots: ['topics/'],
    startAfter: null,
    modifiedSince: 0,
    naming: series,
    readerOf: () => lineReader,
    destinationOf: ({ topic, partition }) => ({ topic, partition }),
    requiredKeys: false,
    requiredHeaders: false,
    onError: 'fail',
    onErrorSetting: 'behavior.on.error=ignore',
    pollIntervalMs: 5,
    lateWaitMs: 0,
    lateWindowMs: 3_600_000,
    batchSize: 100,
    bufferBytes: 1024 * 1024,
    ...changes,
  }
}

/** Offsets as the worker stores them. */
export class FakeOffsets {
  readonly stored = new Map<string, SourceOffset>()

  lastOffsets = (partitions: readonly SourcePartition[]) =>
    Promise.resolve(partitions.map((partition) => this.stored.get(JSON.stringify(partition))))

  /** Stores the offsets of records and those without records, as after a commit. */
  commit(records: readonly SourceRecord[], task?: SourceTask): void {
    for (const { sourcePartition, sourceOffset } of records) {
      if (sourceOffset !== null) this.stored.set(JSON.stringify(sourcePartition), sourceOffset)
    }
    for (const [partition, offset] of task?.updateOffsets?.() ?? []) {
      if (offset !== null) this.stored.set(JSON.stringify(partition), offset)
    }
  }
}

export interface FakeContext {
  readonly retries: (TaskRetry | null)[]
  readonly warnings: string[]
  readonly metrics: Map<string, number>
}

/** Opens a task with a bucket in memory. */
export function openTask(
  bucket: FakeBucket,
  offsets: FakeOffsets,
  changes: Partial<SourcePlan> = {},
  share: Share = { task: 0, tasks: 1 },
): SourceTask & FakeContext {
  const retries: (TaskRetry | null)[] = []
  const warnings: string[] = []
  const metrics = new Map<string, number>()
  const ignore = () => {}
  const task = openSourceTask({
    plan: plan(changes),
    bucket,
    share,
    context: {
      lastOffsets: offsets.lastOffsets,
      retrying: (retry) => retries.push(retry),
      log: {
        error: ignore,
        warn: (message) => warnings.push(message),
        info: ignore,
        debug: ignore,
        trace: ignore,
      },
      metrics: {
        counter: (name) => ({ add: (count = 1) => metrics.set(name, (metrics.get(name) ?? 0) + count) }),
        gauge: (name) => ({ set: (value) => metrics.set(name, value) }),
      },
    },
  })
  return { ...task, retries, warnings, metrics }
}

/** Polls once, and stops waiting after some time. */
export async function pollFor(task: SourceTask, ms: number): Promise<readonly SourceRecord[]> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), ms)
  try {
    return await task.poll(abort.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Polls until `count` records have come. */
export async function take(task: SourceTask, count: number): Promise<SourceRecord[]> {
  const taken: SourceRecord[] = []
  while (taken.length < count) {
    const polled = await pollFor(task, 10_000)
    if (polled.length === 0) throw new Error(`${taken.length} records came within 10 s, expected ${count}`)
    taken.push(...polled)
  }
  return taken
}

export const valuesOf = (records: readonly SourceRecord[]): unknown[] => records.map(({ value }) => value)

/** Waits until a condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('the condition did not become true within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
