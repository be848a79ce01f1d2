import type { ErrantRecordReporter, SinkRecord } from '../../../api/index.ts'
import type { ConsumedPlace, ErrorHandler } from '../../errors/index.ts'

/**
 * Handles the records that a sink task reports as failed.
 *
 * A failure that is not tolerated ends the task after the batch, even when the task ignores the rejection.
 * Source: WorkerErrantRecordReporter.
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
      reported.catch(() => {}) // the task may ignore the promise; the handler remembers the failure
      return reported
    },
  }
}
