import { isConnectError, reasonOf } from '../../api/index.ts'
import { printJson } from '../../java/index.ts'
import type { RecordFailure, Stage } from './failure.ts'

/** A failure as plain data: the error, the record, and the stage in which it failed. */
export interface FailureNote {
  readonly stage: Stage
  /** Class of the plugin that failed. */
  readonly plugin: string
  /** Java's name for the class of the error. */
  readonly errorClass: string
  /** Includes the messages of its causes. */
  readonly message: string
  readonly topic: string | null
  /** Sinks only; null otherwise. */
  readonly partition: number | null
  readonly offset: number | null
  /** Sources only, as JSON; null otherwise. */
  readonly sourcePartition: string | null
  readonly sourceOffset: string | null
}

export function failureNote({ stage, executingClass, error, record, consumed }: RecordFailure): FailureNote {
  const { sourcePartition, sourceOffset } = (record ?? {}) as Record<string, unknown>
  return {
    stage,
    plugin: executingClass,
    errorClass: isConnectError(error) ? error.javaClass : error instanceof Error ? error.name : typeof error,
    message: reasonOf(error),
    topic: consumed?.topic ?? record?.topic ?? null,
    partition: consumed?.partition ?? null,
    offset: consumed?.offset ?? null,
    sourcePartition: sourcePartition === undefined ? null : printJson(sourcePartition),
    sourceOffset: sourceOffset === undefined ? null : printJson(sourceOffset),
  }
}
