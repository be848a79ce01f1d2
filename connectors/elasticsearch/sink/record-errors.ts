import { ConnectError, type SinkRecord, type SinkTaskContext } from '../../../api/index.ts'
import { isOfRecord, placeOf, unwritable } from '../../shared/record-errors.ts'
import { explainRefusal } from '../mappings/index.ts'
import type { Operation, Outcome } from '../ports.ts'
import type { Wording } from '../wording.ts'
import type { SinkMetrics } from './metrics.ts'
import type { SinkTaskSettings } from './settings.ts'

type Refused = Extract<Outcome, { readonly kind: 'refused' }>

/** What errors of records depend on. */
export interface RecordErrorsParts {
  readonly context: Pick<SinkTaskContext, 'errantRecords' | 'log' | 'fail'>
  readonly settings: SinkTaskSettings
  readonly wording: Wording
}

/** Decides what happens with records that cannot be written. */
export class RecordErrors {
  readonly #context: Pick<SinkTaskContext, 'errantRecords' | 'log' | 'fail'>
  readonly #settings: SinkTaskSettings
  readonly #metrics: SinkMetrics
  readonly #wording: Wording

  constructor({ context, settings, wording }: RecordErrorsParts, metrics: SinkMetrics) {
    this.#context = context
    this.#settings = settings
    this.#metrics = metrics
    this.#wording = wording
  }

  /**
   * Reports a record that cannot be converted. Throws the error if it is not one of the record, and unless
   * `drop.invalid.message` allows to go on.
   *
   * Source: ElasticsearchSinkTask.tryWriteRecord. Differs: a record without a target is such a record too.
   */
  invalid(record: SinkRecord, error: unknown): void {
    if (!isOfRecord(error)) throw error
    this.#metrics.invalid.add()
    this.#report(record, error)
    const located = unwritable(record, error)
    if (!this.#settings.dropInvalidMessages) throw located
    this.#context.log.error(located.message)
  }

  /** Reports a record with a null value that is ignored. Source: ElasticsearchSinkTask.put. */
  nullValue(record: SinkRecord): void {
    this.#metrics.skipped.add()
    this.#report(record, new ConnectError('HR_DATA_INVALID', 'Cannot write null valued record.'))
  }

  /**
   * Reports a document that the server does not accept. Resolves when it is reported. Throws if
   * `behavior.on.malformed.documents` is `fail`.
   *
   * Source: ElasticsearchClient.handleResponse. A conflict with another writer, which the server could not resolve in
   * several attempts, does not fail the task.
   */
  refused({ target, id, record }: Operation, { type, reason }: Refused): Promise<void> | undefined {
    const { malformedDocuments } = this.#settings
    const document = id === null ? 'a document' : `document ${id}`
    const what = `the server does not accept ${document} of ${target}, from the record at ${placeOf(record)}`
    const message = `${what}: ${explainRefusal(type, reason, this.#wording)}`
    this.#metrics.refused.add()
    // The server's words can quote the document, which is in the dead-letter queue anyway
    const error = new ConnectError('HR_DATA_INVALID', `${message}. The server's reason: ${type}: ${reason}`)
    const reported = this.#context.errantRecords?.report(record, error)
    const isConflict = type === 'version_conflict_engine_exception'
    if (malformedDocuments === 'fail' && !isConflict) {
      reported?.catch(() => {})
      throw new ConnectError(
        'HR_CONNECT',
        `${message}; behavior.on.malformed.documents=ignore or =warn accepts this`,
      )
    }
    if (malformedDocuments === 'warn' || isConflict) this.#context.log.warn(message)
    else this.#context.log.debug(message)
    return reported
  }

  #report(record: SinkRecord, error: unknown): void {
    // The worker waits for reports before it commits
    this.#context.errantRecords
      ?.report(record, error)
      .catch((failure: unknown) => this.#context.fail(failure))
  }
}
