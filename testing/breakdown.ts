import assert from 'node:assert/strict'
import type { PartitionOffset, SinkTask } from '../api/index.ts'

/** A sink task whose system has broken down. */
export interface BrokenSink {
  readonly task: SinkTask
  /** Errors that the task has passed to `context.fail`. */
  readonly failures: readonly unknown[]
  /** Puts the records. */
  put(): void | Promise<void>
  /** Calls `put` without records as often as the task requests it, until it has failed. */
  putAgain(): Promise<void>
  /** Offsets of the first record of each partition. */
  readonly first: readonly PartitionOffset[]
  /** Offsets after the last record of each partition. */
  readonly next: readonly PartitionOffset[]
}

/** Checks that a sink fails after a breakdown, and that it confirms none of the records that it could not write. */
export async function assertFailsWithoutLoss(sink: BrokenSink): Promise<void> {
  const { failures, first } = sink
  const confirmed: PartitionOffset[] = []
  const commit = async () => {
    if (failures.length === 0) confirmed.push(...(await confirmedOffsets(sink)))
  }
  let thrown = false
  try {
    await sink.put()
    await commit()
    await sink.putAgain()
    await commit()
  } catch {
    thrown = true
  }
  const lost = confirmed.filter(({ topic, partition, offset }) =>
    first.some((start) => start.topic === topic && start.partition === partition && offset > start.offset),
  )
  assert.deepEqual(lost, [], 'offsets are confirmed of records that were put after the breakdown')
  assert.ok(thrown || failures.length > 0, 'no call has thrown, and context.fail was not called')
}

/** Returns the offsets that a worker would commit now. Throws if the task cannot write its records. */
async function confirmedOffsets({ task, next }: BrokenSink): Promise<readonly PartitionOffset[]> {
  if (task.preCommit !== undefined) return task.preCommit(next)
  await task.flush?.(next)
  return next
}
