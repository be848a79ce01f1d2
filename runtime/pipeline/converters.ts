import type {
  ConnectRecord,
  ConverterInstance,
  Header,
  HeaderConverterInstance,
  Serialized,
} from '../../api/index.ts'
import { ConversionFailure } from '../errors/index.ts'
import type { RawHeader } from '../kafka/index.ts'

/** A converter, with the class name used in failure reports. */
interface Named<C> {
  readonly className: string
  readonly converter: C
}

/** The three converters of a task. */
export interface Converters {
  readonly key: Named<ConverterInstance>
  readonly value: Named<ConverterInstance>
  readonly header: Named<HeaderConverterInstance>
}

const noRawHeaders: readonly RawHeader[] = Object.freeze([])

/**
 * Converts records to bytes. One instance serves all records of a task: read its fields before the next
 * conversion.
 */
export class Serializer {
  readonly #converters: Converters
  /** Headers of the last record, and its topic: sources often share an array among their records. */
  #headers: readonly Header[] = []
  #headersTopic = ''
  #rawHeaders: readonly RawHeader[] = noRawHeaders
  key: Serialized = null
  value: Serialized = null
  timestamp = 0
  headers: readonly RawHeader[] = noRawHeaders

  constructor(converters: Converters) {
    this.#converters = converters
  }

  /** Converts headers, key and value, in Kafka Connect's order. Throws a {@link ConversionFailure}. */
  convert(record: ConnectRecord, now: number): this {
    const { key, value } = this.#converters
    const { topic } = record
    if (record.headers.length === 0) this.headers = noRawHeaders
    else if (record.headers !== this.#headers || topic !== this.#headersTopic) this.#convertHeaders(record)
    else this.headers = this.#rawHeaders
    try {
      this.key = key.converter.fromConnect(topic, record.keySchema, record.key)
    } catch (error) {
      throw new ConversionFailure('KEY_CONVERTER', key.className, error)
    }
    try {
      this.value = value.converter.fromConnect(topic, record.valueSchema, record.value)
    } catch (error) {
      throw new ConversionFailure('VALUE_CONVERTER', value.className, error)
    }
    this.timestamp = timestampOf(record, now)
    return this
  }

  #convertHeaders({ topic, headers }: ConnectRecord): void {
    this.headers = this.#rawHeaders = headers.map((header) => this.#header(topic, header))
    this.#headers = headers
    this.#headersTopic = topic
  }

  #header(topic: string, { key, schema, value }: Header): RawHeader {
    const { className, converter } = this.#converters.header
    try {
      return { key, value: converter.fromConnectHeader(topic, key, schema, value) }
    } catch (error) {
      throw new ConversionFailure('HEADER_CONVERTER', className, error)
    }
  }
}

/** Means "no timestamp" in Kafka's formats. Source: RecordBatch.NO_TIMESTAMP. */
const NO_TIMESTAMP = -1

/**
 * Returns the timestamp to write: the record's own, or `now` when it has none. The producer validates it.
 * Source: ConnectUtils.checkAndConvertTimestamp.
 */
export function timestampOf({ timestamp }: ConnectRecord, now: number): number {
  return timestamp === null || timestamp === undefined || timestamp === NO_TIMESTAMP ? now : timestamp
}
