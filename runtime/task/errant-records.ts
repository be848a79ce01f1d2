import type { ErrantRecordReporter, SinkRecord } from '../../api/index.ts'
import type { ErrorHandler } from '../errors/index.ts'

/** Reports of a sink task on single records; what it may not report ends the task after the batch. */
export class ErrantRecords implements ErrantRecordReporter {
  readonly #handler: ErrorHandler
  readonly #open = new Set<Promise<void>>()
  #fatal: unknown

  constructor(handler: ErrorHandler) {
    this.#handler = handler
  }

  /** Set when a record was reported that may not be skipped, even if the task swallowed that. */
  get fatal(): unknown {
    return this.#fatal
  }

  report(record: SinkRecord, error: unknown): Promise<void> {
    const {
      originalTopic: topic,
      originalPartition: partition,
      originalOffset: offset,
      timestampType,
    } = record
    const consumed = { topic, partition, offset, timestamp: record.timestamp ?? -1, timestampType }
    const executingClass = 'org.apache.kafka.connect.sink.SinkTask'
    const reported = this.#handler.skip({ stage: 'TASK_PUT', executingClass, error, record, consumed })
    this.#open.add(reported)
    const done = () => this.#open.delete(reported)
    reported.then(done, (failure: unknown) => {
      this.#fatal ??= failure
      done()
    })
    return reported
  }

  /** Resolves when all reports are safe: before that no offset may be committed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open)
  }
}
