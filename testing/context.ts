import type {
  ConverterContext,
  ErrantRecordReporter,
  Logger,
  PartitionOffset,
  SinkTaskContext,
  SourceOffset,
  SourcePartition,
  SourceTaskContext,
  TaskContext,
  TaskProgress,
  TaskProps,
  TaskRetry,
  TopicPartition,
} from '../api/index.ts'
import { MemoryKafka } from './memory-kafka.ts'

const ignore = (): void => {}
export const silent: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore }

/** Creates the context of a converter for a test. By default, log lines are dropped. */
export function converterContext(init: Partial<ConverterContext> = {}): ConverterContext {
  return { log: silent, signal: new AbortController().signal, ...init }
}

/** Options for the context of a task. All of them have defaults. */
export interface TaskContextInit {
  readonly connector?: string
  readonly task?: number
  readonly props?: TaskProps
  /** By default, log lines are dropped. */
  readonly log?: Logger
}

/** The worker side of a task context: controls the task, and records how the task uses its context. */
export class TestWorker {
  readonly #signal = new AbortController()
  readonly #hardStop = new AbortController()
  readonly #whenFailed: ((error: unknown) => void)[] = []
  /** Errors that the task passed to `fail`, in order. A worker uses only the first. */
  readonly failures: unknown[] = []
  /** Progress reports of the task, in order. */
  readonly progress: (TaskProgress | null)[] = []
  /** Retries that the task reported, in order. */
  readonly retries: (TaskRetry | null)[] = []
  /** Values of the metrics that the task has set, by name. */
  readonly metrics = new Map<string, number>()

  /** Methods of the context that the task called after {@link closed}. */
  readonly lateCalls: string[] = []
  readonly kafka = new MemoryKafka(this.#signal.signal)
  #closed = false

  /** Marks the task as closed. Later calls are added to {@link lateCalls}. */
  closed(): void {
    this.#closed = true
  }

  /** Records a call of a context method. */
  called(method: string): void {
    if (this.#closed) this.lateCalls.push(method)
  }

  /** Aborts `context.signal`, as when the task is stopped. */
  stop(): void {
    this.#signal.abort(new Error('the task was asked to stop'))
  }

  /** Aborts `context.signal` and `context.hardStop`, as when the task did not stop in time. */
  stopNow(): void {
    this.stop()
    this.#hardStop.abort(new Error('the task did not stop in time'))
  }

  /** Resolves to the error once the task has called `fail`. */
  get failed(): Promise<unknown> {
    if (this.failures.length > 0) return Promise.resolve(this.failures[0])
    return new Promise((resolve) => this.#whenFailed.push(resolve))
  }

  taskContext(init: TaskContextInit = {}): TaskContext {
    const { connector = 'test', task = 0, props = {}, log = silent } = init
    return {
      connector,
      task,
      props,
      log,
      signal: this.#signal.signal,
      hardStop: this.#hardStop.signal,
      progress: (progress) => {
        this.called('progress')
        this.progress.push(progress)
      },
      retrying: (retry) => {
        this.called('retrying')
        this.retries.push(retry)
      },
      kafka: this.kafka,
      metrics: {
        counter: (name) => ({
          add: (count = 1) => void this.metrics.set(name, (this.metrics.get(name) ?? 0) + count),
        }),
        gauge: (name) => ({ set: (value) => void this.metrics.set(name, value) }),
      },
      fail: (error) => {
        this.called('fail')
        this.failures.push(error)
        this.#signal.abort(error)
        for (const tell of this.#whenFailed.splice(0)) tell(error)
      },
    }
  }
}

export interface SourceTaskContextInit extends TaskContextInit {
  /** The stored offset of a partition. By default nothing is stored. */
  readonly stored?: (partition: SourcePartition) => SourceOffset | undefined
  /** Whether records and offsets are written in one transaction; false by default. */
  readonly exactlyOnce?: boolean
}

/** Creates the context of a source task for a test, and its worker side. */
export function sourceTaskContext(init: SourceTaskContextInit = {}) {
  const worker = new TestWorker()
  const offsetOf = (partition: SourcePartition) => init.stored?.(partition)
  const context: SourceTaskContext = {
    ...worker.taskContext(init),
    exactlyOnce: init.exactlyOnce ?? false,
    transaction: null,
    lastOffset: async (partition) => offsetOf(partition),
    lastOffsets: async (partitions) => partitions.map(offsetOf),
  }
  return { context, worker }
}

const isSame = (a: TopicPartition, b: TopicPartition): boolean =>
  a.topic === b.topic && a.partition === b.partition

export interface SinkTaskContextInit extends TaskContextInit {
  /** None by default. */
  readonly assignment?: readonly TopicPartition[]
  /** By default null, as without a dead-letter queue. */
  readonly errantRecords?: ErrantRecordReporter | null
}

/** Creates the context of a sink task for a test, and its worker side, which records the requests of the task. */
export function sinkTaskContext(init: SinkTaskContextInit = {}) {
  const worker = new TestWorker()
  const requests = {
    seeks: [] as PartitionOffset[],
    paused: [] as TopicPartition[],
    /** Argument of the last call of `retryAfter`, in milliseconds. */
    retryAfterMs: undefined as number | undefined,
    commits: 0,
    /** The shortest time passed to `putWithin`. A test that calls `put` resets it. */
    putWithinMs: undefined as number | undefined,
  }
  const context: SinkTaskContext = {
    ...worker.taskContext(init),
    errantRecords: init.errantRecords ?? null,
    assignment: () => init.assignment ?? [],
    seek: (offsets) => {
      worker.called('seek')
      requests.seeks.push(...offsets)
    },
    retryAfter: (ms) => {
      worker.called('retryAfter')
      requests.retryAfterMs = ms
    },
    pause: (partitions) => {
      worker.called('pause')
      requests.paused.push(...partitions)
    },
    resume: (partitions) => {
      worker.called('resume')
      requests.paused = requests.paused.filter((paused) => !partitions.some((other) => isSame(paused, other)))
    },
    putWithin: (ms) => {
      worker.called('putWithin')
      requests.putWithinMs = Math.min(requests.putWithinMs ?? Infinity, ms)
    },
    requestCommit: () => {
      worker.called('requestCommit')
      requests.commits++
    },
  }
  return { context, worker, requests }
}
