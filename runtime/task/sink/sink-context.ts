import {
  ConnectError,
  type ErrantRecordReporter,
  type PartitionOffset,
  type SinkTaskContext,
  type TaskContext,
  type TopicPartition,
} from '../../../api/index.ts'
import { keyOf, type Consumer } from '../../kafka/index.ts'
import type { SinkOffsets } from './sink-offsets.ts'

/** Requests of a sink task to its context; the loop handles them between two batches. */
export interface SinkRequests {
  seeks: PartitionOffset[]
  /** Backoff before the next attempt to put a failed batch, in milliseconds. */
  retryAfterMs: number | undefined
  commit: boolean
  /** Deadline for the next `put`, if the task requested one; milliseconds since the epoch. */
  putAt: number | undefined
  /** When the poll in progress times out, if there is one; milliseconds since the epoch. */
  waitsUntil: number | undefined
  readonly paused: Map<string, TopicPartition>
}

export function newSinkRequests(): SinkRequests {
  return {
    seeks: [],
    retryAfterMs: undefined,
    commit: false,
    putAt: undefined,
    waitsUntil: undefined,
    paused: new Map(),
  }
}

/** Seeks the consumer to the offsets that the task requested. Source: WorkerSinkTask.rewind. */
export function applySeeks(requests: SinkRequests, consumer: Consumer, offsets: SinkOffsets): void {
  if (requests.seeks.length === 0) return
  consumer.seek(requests.seeks)
  for (const offset of requests.seeks) offsets.seek(offset)
  requests.seeks = []
}

/** Forgets paused partitions that are no longer assigned. */
export function retainPaused({ paused }: SinkRequests, assignment: readonly TopicPartition[]): void {
  const own = new Set(assignment.map(keyOf))
  for (const key of paused.keys()) if (!own.has(key)) paused.delete(key)
}

/** Drops requested seeks in revoked partitions. */
export function dropSeeks(requests: SinkRequests, partitions: readonly TopicPartition[]): void {
  const gone = new Set(partitions.map(keyOf))
  requests.seeks = requests.seeks.filter((seek) => !gone.has(keyOf(seek)))
}

/** Returns the context of a sink task. Source: WorkerSinkTaskContext. */
export function sinkContext(
  common: TaskContext,
  requests: SinkRequests,
  consumer: () => Consumer | undefined,
  errantRecords: ErrantRecordReporter | null,
): SinkTaskContext {
  const assignment = () => consumer()?.assignment ?? []
  const refuseForeign = (partitions: readonly TopicPartition[], doing: string) => {
    const own = new Set(assignment().map(keyOf))
    if (partitions.every((partition) => own.has(keyOf(partition)))) return
    const message = `SinkTasks may not ${doing} partitions that are not currently assigned to them.`
    throw new ConnectError('HR_ILLEGAL_STATE', message)
  }
  return {
    ...common,
    errantRecords,
    assignment,
    seek: (offsets) => {
      refuseForeign(offsets, 'seek in')
      requests.seeks.push(...offsets)
      consumer()?.wake()
    },
    retryAfter: (ms) => {
      requests.retryAfterMs = ms
    },
    pause: (partitions) => {
      refuseForeign(partitions, 'pause')
      for (const partition of partitions) requests.paused.set(keyOf(partition), partition)
      consumer()?.pause(partitions)
    },
    resume: (partitions) => {
      refuseForeign(partitions, 'resume')
      for (const partition of partitions) requests.paused.delete(keyOf(partition))
      consumer()?.resume(partitions)
    },
    putWithin: (ms) => {
      if (!(ms >= 0)) {
        throw new ConnectError(
          'HR_ILLEGAL_ARGUMENT',
          `putWithin: found ${ms}, expected a number of at least 0`,
        )
      }
      const at = Date.now() + ms
      requests.putAt = Math.min(requests.putAt ?? Infinity, at)
      if (requests.waitsUntil !== undefined && at < requests.waitsUntil) consumer()?.wake()
    },
    requestCommit: () => {
      requests.commit = true
      consumer()?.wake()
    },
  }
}
