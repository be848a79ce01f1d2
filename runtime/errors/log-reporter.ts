import { reasonOf, type Logger } from '../../api/index.ts'
import type { ErrorCounters } from './counters.ts'
import type { FailureReporter, RecordFailure } from './failure.ts'
import { jsonText } from './trace.ts'

const MAX_RECORD_TEXT = 10_000

/** Writes failed records to the log, for `errors.log.enable`. Source: LogReporter. */
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
      log.error(`${what}${where}.`, { reason: reasonOf(failure.error), err: failure.error })
      return undefined
    },
  }
}

function whichRecord({ record, consumed }: RecordFailure): string {
  if (consumed !== undefined) {
    const { topic, partition, offset, timestamp, timestampType } = consumed
    const time =
      timestampType === 'NoTimestampType' ? '' : `, timestamp=${timestamp}, timestampType=${timestampType}`
    return `, where consumed record is {topic='${topic}', partition=${partition}, offset=${offset}${time}}`
  }
  if (record === undefined) return ''
  return `, where source record is = ${jsonText(record).slice(0, MAX_RECORD_TEXT)}`
}
