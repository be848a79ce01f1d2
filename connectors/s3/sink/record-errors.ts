import { ConnectError, type SinkRecord, type SinkTaskContext } from '../../../api/index.ts'
import { isOfRecord, unwritable } from '../../shared/record-errors.ts'

/**
 * Reports records of one partition that cannot be written, or fails the task if nothing takes them.
 *
 * Source: the catch blocks of TopicPartitionWriter.write, executeState and writeRecord. Differs: an error of a timestamp
 * extractor is one of the record too; Java fails the task even if records can be reported.
 */
export class RecordErrors {
  readonly #context: SinkTaskContext
  /** Offset behind the last record reported: what is read again is not reported again. */
  #end = -1

  constructor(context: SinkTaskContext) {
    this.#context = context
  }

  /** Throws the error if it is not one of the record, or if there is no reporter. */
  report(record: SinkRecord, error: unknown): void {
    const { errantRecords } = this.#context
    if (!isOfRecord(error)) throw error
    if (errantRecords === null) throw unwritable(record, error)
    if (record.originalOffset < this.#end) return
    this.#end = record.originalOffset + 1
    // The worker waits for reports before it commits
    errantRecords.report(record, error).catch((failure: unknown) => this.#context.fail(failure))
  }

  /** Reports a record with a null value, if records can be reported. Source: S3SinkTask.maybeReportNullRecordToDlq. */
  reportNull(record: SinkRecord): void {
    if (this.#context.errantRecords === null) return
    this.report(record, new ConnectError('HR_DATA_INVALID', 'Skipping null value record.'))
  }
}
