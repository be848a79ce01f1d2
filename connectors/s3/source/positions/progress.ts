import type { SourceOffset, SourcePartition } from '../../../../api/index.ts'

/** The position within one object, for the task that reads it. */
export interface ObjectProgress {
  readonly partition: SourcePartition
  /** Number of records that were read before. */
  readonly skip: number
  /** Returns the offset after `records` records of the object; `done` if it has no more. */
  offsetAfter(records: number, done: boolean): SourceOffset
  /** Called once records have been passed on, with the arguments of `offsetAfter` for the last one. */
  moved(records: number, done: boolean): void
}
