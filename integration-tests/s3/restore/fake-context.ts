import type { SourceTask, SourceTaskContext, TaskRetry } from '../../../api/index.ts'

/** A task in this process, and what it reported. */
export interface FakeTask {
  readonly task: SourceTask
  readonly context: FakeContext
}

export type FakeContext = SourceTaskContext & { readonly retries: (TaskRetry | null)[] }

/** Services of a worker without Kafka and stored offsets. */
export function fakeContext(props: Readonly<Record<string, string>>): FakeContext {
  const ignore = () => {}
  const retries: (TaskRetry | null)[] = []
  const { signal } = new AbortController()
  return {
    connector: 'c',
    task: 0,
    props,
    log: { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore },
    signal,
    hardStop: signal,
    fail: ignore,
    progress: ignore,
    retries,
    retrying: (retry) => void retries.push(retry),
    metrics: { counter: () => ({ add: ignore }), gauge: () => ({ set: ignore }) },
    kafka: undefined as never,
    exactlyOnce: false,
    transaction: null,
    lastOffset: () => Promise.resolve(undefined),
    lastOffsets: (partitions) => Promise.resolve(partitions.map(() => undefined)),
  }
}
