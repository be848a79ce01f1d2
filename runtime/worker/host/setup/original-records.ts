import type { SinkRecord } from '../../../../api/index.ts'
import type { ConsumedPlace, RecordFailure } from '../../../errors/index.ts'
import type { RawRecord } from '../../../kafka/index.ts'
import { ConsumedRecords, Serializer, type Converters, type ConverterWaits } from '../../../pipeline/index.ts'

const NO_TIMESTAMP = -1

/** Finds the positions and bytes of a sink's failed records. */
export class OriginalRecords {
  readonly #consumed = new ConsumedRecords()
  readonly #serializer: Serializer
  readonly #waits: ConverterWaits

  constructor(converters: Converters, waits: ConverterWaits) {
    this.#serializer = new Serializer(converters)
    this.#waits = waits
  }

  placeOf(record: SinkRecord): ConsumedPlace {
    return (
      this.#consumed.find(record)?.place ?? {
        topic: record.originalTopic,
        partition: record.originalPartition,
        offset: record.originalOffset,
        timestamp: record.timestamp ?? NO_TIMESTAMP,
        timestampType: record.timestampType,
      }
    )
  }

  /**
   * Returns the record as stored in Kafka. A record created by the task is converted to bytes in its current
   * state.
   *
   * Source: WorkerErrantRecordReporter.report.
   */
  bytesOf({ bytes, record }: RecordFailure): RawRecord | Promise<RawRecord> {
    if (bytes !== undefined) return bytes
    if (record === undefined) throw new TypeError('the failure has neither bytes nor a record')
    const consumed = this.#consumed.find(record)?.bytes
    return consumed ?? this.#waits.convert(() => this.#serializer.convert(record, NO_TIMESTAMP))
  }
}
