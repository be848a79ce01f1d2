import { isConnectError } from '../../api/index.ts'
import { RecordError } from './error-handler.ts'
import type { RecordFailure } from './failure.ts'

const MAX_CAUSES = 8
const MAX_STACK_LINES = 12

/**
 * The `trace` of a failed connector or task.
 *
 * The first line is what Kafka Connect shows for the same failure; then comes where it happened, and what caused it.
 */
export function traceOf(error: unknown): string {
  const lines = [headline(error)]
  if (error instanceof RecordError) lines.push(...whereLines(error.failure))
  let last = error
  for (let depth = 0; depth < MAX_CAUSES; depth++) {
    const cause = (last as { cause?: unknown } | null)?.cause
    if (cause === undefined || cause === null) break
    lines.push(`Caused by: ${headline(cause)}`)
    last = cause
  }
  lines.push(...stackLines(last))
  return lines.join('\n')
}

function headline(error: unknown): string {
  if (isConnectError(error)) return `${error.javaClass}: ${error.message}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** `	stage VALUE_CONVERTER, class …JsonConverter, topic t, partition 0, offset 12`. */
function whereLines({ stage, executingClass, record, consumed }: RecordFailure): string[] {
  const parts = [`stage ${stage}`, `class ${executingClass}`]
  if (consumed !== undefined) {
    parts.push(`topic ${consumed.topic}`, `partition ${consumed.partition}`, `offset ${consumed.offset}`)
  } else if (record !== undefined) {
    parts.push(`topic ${record.topic}`)
    const { sourcePartition, sourceOffset } = record as { sourcePartition?: unknown; sourceOffset?: unknown }
    if (sourcePartition !== undefined)
      parts.push(`source partition ${JSON.stringify(sourcePartition, bigints)}`)
    if (sourceOffset !== undefined) parts.push(`source offset ${JSON.stringify(sourceOffset, bigints)}`)
  }
  return [`\tat ${parts.join(', ')}`]
}

const bigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

function stackLines(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MAX_STACK_LINES)
    .map((line) => `\t${line.trim()}`)
}
