import assert from 'node:assert/strict'
import { waitFor } from '../wait-for.ts'
import type { HeadraceWorker } from './headrace-worker.ts'

type Config = Readonly<Record<string, string>>

/** A sink with one task, as the REST API of its worker shows it. */
export interface ObservedSink {
  readonly name: string
  /** Starts it; started already, it gets other settings. */
  start(more?: Config): Promise<void>
  /** Restarts its task. */
  restart(): Promise<void>
  /** Resolves to the process of its task. */
  pid(): Promise<number>
  /** Resolves to the metrics of its task. Those without a value are missing. */
  metrics(): Promise<Readonly<Record<string, number>>>
  /** Waits until the REST API shows that it is retrying, with a reason. The task has not failed. */
  untilRetrying(reason: RegExp): Promise<void>
  /** Waits until the task has failed, and resolves to the message of the error. */
  untilFailed(): Promise<string>
  /** Resolves to the committed offsets, 0 for partitions without. */
  committed(): Promise<number[]>
  /** Waits until these offsets are committed, and the task is not retrying. */
  untilCommitted(offsets: readonly number[]): Promise<void>
}

export interface ObservedSinkOptions {
  readonly name: string
  readonly worker: () => HeadraceWorker
  /** Number of partitions of its topic. */
  readonly partitions: number
  readonly config: Config
}

interface Progress {
  readonly retrying: { readonly reason: string; readonly attempt: number } | null
  readonly tasks: readonly {
    readonly state: string
    readonly pid: number
    readonly last_error: { readonly message: string } | null
    readonly metrics: readonly { readonly name: string; readonly value: number | null }[]
  }[]
}

interface Offsets {
  readonly offsets: readonly {
    readonly partition: { readonly kafka_partition: number }
    readonly offset: { readonly kafka_offset: number }
  }[]
}

const TIMEOUT_MS = 120_000

/** Creates nothing before `start`. */
export function observeSink({ name, worker, partitions, config }: ObservedSinkOptions): ObservedSink {
  const progress = async () => (await worker().rest.get<Progress>(`/headrace/connectors/${name}`)).body
  const committed = () => committedOffsets(worker(), name, partitions)
  return {
    name,
    start: (more = {}) => worker().rest.put(name, { ...config, ...more }),
    async restart() {
      await worker().rest.request('POST', `/connectors/${name}/restart?includeTasks=true`)
    },
    pid: () =>
      waitFor(async () => (await progress()).tasks.find(({ pid }) => pid > 0)?.pid, {
        timeoutMs: TIMEOUT_MS,
        what: `the process of ${name}`,
      }),
    async metrics() {
      const metrics = (await progress()).tasks[0]?.metrics ?? []
      return Object.fromEntries(
        metrics.flatMap((each) => (each.value === null ? [] : [[each.name, each.value]])),
      )
    },
    async untilRetrying(reason) {
      let last: unknown
      const retrying = async () => {
        const now = await progress()
        last = now.retrying ?? now.tasks
        if (now.retrying === null) return undefined
        assert.equal(now.tasks[0]?.state, 'RUNNING')
        return reason.test(now.retrying.reason) ? true : undefined
      }
      const what = () => `${name} to retry because of ${reason}; it shows ${JSON.stringify(last)}`
      await waitFor(retrying, { timeoutMs: TIMEOUT_MS, what })
    },
    async untilFailed() {
      await worker().rest.untilTaskFailed(name, 0, TIMEOUT_MS)
      return (await progress()).tasks[0]?.last_error?.message ?? ''
    },
    committed,
    async untilCommitted(expected) {
      let last: unknown
      const complete = async () => {
        const offsets = await committed()
        const { retrying, tasks } = await progress()
        last = { offsets, retrying, tasks }
        return retrying === null && String(offsets) === String(expected) ? true : undefined
      }
      const what = () => `offsets ${String(expected)} of ${name}; it shows ${JSON.stringify(last)}`
      await waitFor(complete, { timeoutMs: TIMEOUT_MS, what })
    },
  }
}

/** Resolves to the committed offsets of a sink with one topic, 0 for partitions without. */
export async function committedOffsets(
  { rest }: Pick<HeadraceWorker, 'rest'>,
  name: string,
  partitions: number,
): Promise<number[]> {
  const { body } = await rest.get<Offsets>(`/connectors/${name}/offsets`)
  const byPartition = new Map(
    body.offsets.map(({ partition, offset }) => [partition.kafka_partition, offset.kafka_offset]),
  )
  return Array.from({ length: partitions }, (_, partition) => byPartition.get(partition) ?? 0)
}
