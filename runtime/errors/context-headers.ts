import type { RawHeader } from '../kafka/index.ts'
import type { RecordFailure } from './failure.ts'
import { exceptionClassOf, exceptionMessageOf, jsonText, stackTraceOf } from './trace.ts'

/** A task, identified by its connector and task number. */
export interface TaskName {
  readonly connector: string
  readonly task: number
}

const PREFIX = '__connect.errors.'

/**
 * Returns the headers that describe the origin and the error of a dead letter, in Kafka Connect's order.
 *
 * The record of a source has no offset in Kafka. Its headers contain the topic it was created for, and its
 * source partition and source offset as JSON. Source: DeadLetterQueueReporter.populateContextHeaders.
 */
export function contextHeaders(task: TaskName, failure: RecordFailure): RawHeader[] {
  const { stage, executingClass, error } = failure
  const entries: (readonly [string, string | null])[] = [
    ...placeEntries(failure),
    ['connector.name', task.connector],
    ['task.id', String(task.task)],
    ['stage', stage],
    ['class.name', executingClass],
    ['exception.class.name', exceptionClassOf(error)],
    ['exception.message', exceptionMessageOf(error)],
    ['exception.stacktrace', stackTraceOf(error)],
  ]
  return entries.map(([name, value]) => ({ key: `${PREFIX}${name}`, value }))
}

function placeEntries({ consumed, record }: RecordFailure): (readonly [string, string | null])[] {
  if (consumed !== undefined) {
    const { topic, partition, offset } = consumed
    return [
      ['topic', topic],
      ['partition', String(partition)],
      ['offset', String(offset)],
    ]
  }
  if (record === undefined) return []
  const { sourcePartition, sourceOffset } = record as { sourcePartition?: unknown; sourceOffset?: unknown }
  return [
    ['topic', record.topic],
    ['source.partition', jsonText(sourcePartition ?? null)],
    ['source.offset', jsonText(sourceOffset ?? null)],
  ]
}
