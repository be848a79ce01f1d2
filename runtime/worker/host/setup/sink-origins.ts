import type { SinkRecord } from '../../../../api/index.ts'
import type { ConsumedPlace, RecordFailure } from '../../../errors/index.ts'
import type { RawRecord } from '../../../kafka/index.ts'
import { ConsumedRecords, Serializer, type Converters } from '../../../pipeline/index.ts'

const NO_TIMESTAMP = -1

/** Where the failed records of a sink come from, and their bytes. */
export class SinkOrigins {
  readonly #consumed = new ConsumedRecords()
  readonly #serializer: Serializer

  constructor(converters: Converters) {
    this.#serializer = new Serializer(converters)
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
   * The record as it lies in Kafka. One that a task made anew is converted once more, as it is now.
   *
   * Source: WorkerErrantRecordReporter.report.
   */
  bytesOf({ bytes, record }: RecordFailure): RawRecord {
    if (bytes !== undefined) return bytes
    if (record === undefined) throw new TypeError('a record failed without being there')
    return this.#consumed.find(record)?.bytes ?? this.#serializer.convert(record, NO_TIMESTAMP)
  }
}
