import { inspect } from 'node:util'
import { causesOf, isConnectError } from '../../api/index.ts'
import { RecordError } from './error-handler.ts'
import type { RecordFailure } from './failure.ts'

const MAX_STACK_LINES = 12

/**
 * Returns the `trace` of a failed connector or task.
 *
 * The first line is the one that Kafka Connect shows for the same failure. The location and the causes
 * follow.
 */
export function traceOf(error: unknown): string {
  const chain = causesOf(error)
  const lines: string[] = []
  for (const [depth, one] of chain.entries()) {
    lines.push(depth === 0 ? javaLine(one) : `Caused by: ${javaLine(one)}`)
    if (one instanceof RecordError) lines.push(whereLine(one.failure))
  }
  lines.push(...stackLines(chain.at(-1), MAX_STACK_LINES))
  return lines.join('\n')
}

/** Formats an error as Java does: class, message and stack, for the error and each of its causes. */
export function stackTraceOf(error: unknown): string {
  const lines = causesOf(error).flatMap((one, depth) => [
    depth === 0 ? javaLine(one) : `Caused by: ${javaLine(one)}`,
    ...stackLines(one, MAX_STACK_LINES),
  ])
  return `${lines.join('\n')}\n`
}

/** Returns Java's class name of an error; for other than Connect errors, the name of the error. */
export function exceptionClassOf(error: unknown): string {
  if (isConnectError(error)) return error.javaClass
  return error instanceof Error ? error.name : typeof error
}

/** Returns the message of an error; null when it has none. */
export function exceptionMessageOf(error: unknown): string | null {
  const message = error instanceof Error ? error.message : String(error)
  return message === '' ? null : message
}

/** Source: Throwable.toString. */
function javaLine(error: unknown): string {
  if (!(error instanceof Error) && !isConnectError(error)) {
    return `Error: thrown value is not an Error: ${inspect(error, { depth: 1, breakLength: Infinity })}`
  }
  const message = exceptionMessageOf(error)
  return message === null ? exceptionClassOf(error) : `${exceptionClassOf(error)}: ${message}`
}

/** `	at stage VALUE_CONVERTER, class …JsonConverter, topic t, partition 0, offset 12`. */
function whereLine({ stage, executingClass, record, consumed }: RecordFailure): string {
  const parts = [`stage ${stage}`, `class ${executingClass}`]
  if (consumed !== undefined) {
    parts.push(`topic ${consumed.topic}`, `partition ${consumed.partition}`, `offset ${consumed.offset}`)
  } else if (record !== undefined) {
    const { sourcePartition, sourceOffset } = record as { sourcePartition?: unknown; sourceOffset?: unknown }
    parts.push(`topic ${record.topic}`)
    if (sourcePartition !== undefined) parts.push(`source partition ${jsonText(sourcePartition)}`)
    if (sourceOffset !== undefined) parts.push(`source offset ${jsonText(sourceOffset)}`)
  }
  return `\tat ${parts.join(', ')}`
}

function stackLines(error: unknown, most: number): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, most)
    .map((line) => `\t${line.trim()}`)
}

/** Formats any value as JSON, for display. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
