import type { ErrantRecordReporter, SinkRecord } from '../../../api/index.ts'
import type { ConsumedPlace, ErrorHandler } from '../../errors/index.ts'

/**
 * Takes a sink task's reports on single records.
 *
 * One that is not tolerated ends the task after the batch, even when the task swallows that. Source:
 * WorkerErrantRecordReporter.
 */
export function errantRecordReporter(
  handler: ErrorHandler,
  placeOf: (record: SinkRecord) => ConsumedPlace,
): ErrantRecordReporter {
  return {
    report(record, error) {
      const executingClass = 'org.apache.kafka.connect.sink.SinkTask'
      const consumed = placeOf(record)
      const reported = handler.report({ stage: 'TASK_PUT', executingClass, error, record, consumed })
      reported.catch(() => {}) // a task need not listen: the handler remembers
      return reported
    },
  }
}
