import {
  noHeaders,
  type ConverterInstance,
  type Header,
  type PartitionOffset,
  type SchemaAndValue,
  type SinkRecord,
} from '../../api/index.ts'
import { ConversionFailure, ConversionInterrupted, type ErrorHandler } from '../errors/index.ts'
import { topicPartitionKey, type Segment } from '../kafka/index.ts'
import { consumedAt, rememberBatch } from './consumed-record.ts'
import type { ConverterWaits } from './converter-waits.ts'
import type { Converters } from './converters.ts'

/** The sink records read from segments, in order. */
export interface ReadResult {
  readonly records: SinkRecord[]
  /** The error that ended reading early; the records before it are valid. */
  readonly fatal: unknown
  /** Where to read again after a wait for a converter was interrupted; empty otherwise. */
  readonly unread: readonly PartitionOffset[]
}

/** Iterates over the records of a segment. */
type Cursor = Segment['records']

/** Converts fetched records to sink records, one whole segment at a time. */
export class SinkReader {
  readonly #converters: Converters
  readonly #handler: ErrorHandler
  readonly #seen: (topic: string, partition: number, offset: number) => void
  readonly #readKey: ReadField
  readonly #readValue: ReadField
  /** Whether records are linked to their bytes in Kafka. */
  readonly keepsBytes: boolean

  /**
   * Calls `seen` with the last offset read of each segment, including skipped records. With `keepsBytes`,
   * records are linked to their bytes.
   */
  constructor(
    converters: Converters,
    handler: ErrorHandler,
    seen: (topic: string, partition: number, offset: number) => void,
    keepsBytes: boolean,
  ) {
    this.#converters = converters
    this.#handler = handler
    this.#seen = seen
    this.#readKey = fieldReader(converters.key.converter)
    this.#readValue = fieldReader(converters.value.converter)
    this.keepsBytes = keepsBytes
  }

  /** A record whose converter is not ready ends the segment there until `waits` reports that it is ready. */
  async read(segments: readonly Segment[], waits: ConverterWaits): Promise<ReadResult> {
    const records: SinkRecord[] = []
    for (const [index, segment] of segments.entries()) {
      for (let left = segment.count; left > 0;) {
        try {
          const progress = this.#readSome(segment, left, records)
          if (typeof progress === 'number') break
          left = progress.left
          await this.#resolve(segment, progress.failure, records, waits)
          this.#seen(segment.topic, segment.partition, segment.records.offset)
        } catch (fatal) {
          if (!(fatal instanceof ConversionInterrupted)) return { records, fatal, unread: [] }
          return { records, fatal: undefined, unread: unreadIn(segments.slice(index)) }
        }
      }
    }
    return { records, fatal: undefined, unread: [] }
  }

  /**
   * Reads until a record fails. Returns the number read; on a failure, the failure and the number of records
   * left after it. Throws errors other than a failed conversion: they do not concern a single record.
   */
  #readSome(
    segment: Segment,
    count: number,
    into: SinkRecord[],
  ): number | { readonly failure: ConversionFailure; readonly left: number } {
    const { topic, partition, records, fromOffset } = segment
    let last = -1
    try {
      for (let done = 0; done < count && records.next(); done++) {
        if (records.offset < fromOffset) continue
        try {
          into.push(this.#convert(topic, partition, records))
        } catch (failure) {
          if (!(failure instanceof ConversionFailure)) throw failure
          return { failure, left: count - done - 1 }
        }
        last = records.offset
      }
    } finally {
      if (last >= 0) this.#seen(topic, partition, last)
    }
    return count
  }

  async #resolve(
    { topic, partition, records }: Segment,
    failure: ConversionFailure,
    into: SinkRecord[],
    waits: ConverterWaits,
  ): Promise<void> {
    const { place: consumed, bytes } = consumedAt(topic, partition, records)
    const about = { record: undefined, consumed, bytes }
    const resolved = await waits.resolve(this.#handler, failure, about, () =>
      this.#convert(topic, partition, records),
    )
    if ('value' in resolved) into.push(resolved.value)
  }

  #convert(topic: string, partition: number, cursor: Cursor): SinkRecord {
    const { key, value } = this.#converters
    let keyPart
    try {
      keyPart = this.#readKey(topic, cursor.bytes, cursor.keyStart, cursor.keyLength)
    } catch (error) {
      throw new ConversionFailure('KEY_CONVERTER', key.className, error)
    }
    let valuePart
    try {
      valuePart = this.#readValue(topic, cursor.bytes, cursor.valueStart, cursor.valueLength)
    } catch (error) {
      throw new ConversionFailure('VALUE_CONVERTER', value.className, error)
    }
    const { offset } = cursor
    const record: SinkRecord = {
      topic,
      partition,
      keySchema: keyPart.schema,
      key: keyPart.value,
      valueSchema: valuePart.schema,
      value: valuePart.value,
      timestamp: cursor.timestamp < 0 ? null : cursor.timestamp,
      headers: cursor.headers.length === 0 ? noHeaders : this.#headers(topic, cursor),
      offset,
      timestampType: cursor.timestampType,
      originalTopic: topic,
      originalPartition: partition,
      originalOffset: offset,
    }
    if (this.keepsBytes) rememberBatch(record, cursor)
    return record
  }

  #headers(topic: string, { headers }: Cursor): Header[] {
    const { className, converter } = this.#converters.header
    try {
      return headers.map(({ key, value }) => ({ key, ...converter.toConnectHeader(topic, key, value) }))
    } catch (error) {
      throw new ConversionFailure('HEADER_CONVERTER', className, error)
    }
  }
}

/** The first segment is read again from its current record, later ones of other partitions from their start. */
function unreadIn([current, ...later]: readonly Segment[]): PartitionOffset[] {
  if (current === undefined) return []
  const starts = [{ ...current, fromOffset: current.records.offset }, ...later]
  const first = new Map<string, PartitionOffset>()
  for (const { topic, partition, fromOffset: offset } of starts) {
    const key = topicPartitionKey(topic, partition)
    if (!first.has(key)) first.set(key, { topic, partition, offset })
  }
  return [...first.values()]
}

/** Reads a key or a value from its position in a batch; a negative length means null. */
type ReadField = (topic: string, bytes: Buffer, start: number, length: number) => SchemaAndValue

function fieldReader(converter: ConverterInstance): ReadField {
  if (converter.toConnectRange === undefined) {
    return (topic, bytes, start, length) =>
      converter.toConnect(topic, length < 0 ? null : bytes.subarray(start, start + length))
  }
  const toConnectRange = converter.toConnectRange.bind(converter)
  return (topic, bytes, start, length) =>
    length < 0 ? converter.toConnect(topic, null) : toConnectRange(topic, bytes, start, start + length)
}
