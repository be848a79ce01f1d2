import { messageOf, type Logger } from '../../api/index.ts'
import type { ErrorCounters } from './counters.ts'
import type { FailureReporter, RecordFailure } from './failure.ts'

/** Writes failed records to the log: `errors.log.enable`. Source: LogReporter. */
export function logReporter(
  options: { readonly task: string; readonly includeMessages: boolean },
  counters: ErrorCounters,
  log: Logger,
): FailureReporter {
  return {
    report(failure) {
      counters.totalErrorsLogged++
      const what = `Error encountered in task ${options.task}. Executing stage '${failure.stage}' with class '${failure.executingClass}'`
      const where = options.includeMessages ? whichRecord(failure) : ''
      log.error(`${what}${where}.`, { reason: messageOf(failure.error), err: failure.error })
    },
  }
}

function whichRecord({ record, consumed }: RecordFailure): string {
  if (consumed !== undefined) {
    const { topic, partition, offset, timestamp, timestampType } = consumed
    const place = `topic='${topic}', partition=${partition}, offset=${offset}`
    return `, where consumed record is {${place}, timestamp=${timestamp}, timestampType=${timestampType}}`
  }
  if (record === undefined) return ''
  const fields = JSON.stringify(record, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  return `, where source record is = ${fields}`
}
