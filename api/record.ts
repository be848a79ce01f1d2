import type { Schema } from './data/index.ts'
import { noHeaders, type Header } from './headers.ts'

/** A value in a source partition or offset. Limited to values that can be stored as JSON in the offset topic. */
export type OffsetValue = string | number | bigint | boolean | null

/** Identifies a partition of a source, such as `{ filename: 'in.txt' }`. The order of keys is significant. */
export type SourcePartition = Readonly<Record<string, OffsetValue>>

/** The position in a source partition at which to resume, such as `{ position: 42 }`. */
export type SourceOffset = Readonly<Record<string, OffsetValue>>

/** A Kafka partition. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** The properties common to source and sink records. */
export interface ConnectRecord {
  readonly topic: string
  /** Kafka partition. If null, the producer chooses it by the key, if there is one. */
  readonly partition: number | null
  readonly keySchema: Schema | null
  readonly key: unknown
  readonly valueSchema: Schema | null
  /** Null for a tombstone. */
  readonly value: unknown
  /** Milliseconds since the epoch. */
  readonly timestamp: number | null
  readonly headers: readonly Header[]
}

/** A record from a source connector, to be written to Kafka. */
export interface SourceRecord extends ConnectRecord {
  readonly sourcePartition: SourcePartition | null
  /**
   * The position after this record, at which to resume once the record is acknowledged. Records that belong together,
   * such as a delete and its tombstone, share one object: it is stored once all of them are acknowledged or dropped.
   */
  readonly sourceOffset: SourceOffset | null
}

/** Whether the timestamp of a consumed record was set by the producer or by the broker. */
export type TimestampType = 'NoTimestampType' | 'CreateTime' | 'LogAppendTime'

/** A record read from Kafka, for a sink connector. */
export interface SinkRecord extends ConnectRecord {
  readonly partition: number
  readonly offset: number
  readonly timestampType: TimestampType
  /** The coordinates of the consumed record, before any transform. Source: KIP-793. */
  readonly originalTopic: string
  readonly originalPartition: number
  readonly originalOffset: number
}

/** The properties of a new source record. The optional ones default to null. */
export type SourceRecordInit = Pick<SourceRecord, 'topic' | 'sourcePartition' | 'sourceOffset'> &
  Partial<SourceRecord>

/** Creates a source record with all properties in the same order, so that the engine can optimize access to them. */
export function sourceRecord(init: SourceRecordInit): SourceRecord {
  return {
    topic: init.topic,
    partition: init.partition ?? null,
    keySchema: init.keySchema ?? null,
    key: init.key ?? null,
    valueSchema: init.valueSchema ?? null,
    value: init.value ?? null,
    timestamp: init.timestamp ?? null,
    headers: init.headers ?? noHeaders,
    sourcePartition: init.sourcePartition,
    sourceOffset: init.sourceOffset,
  }
}

/** The properties of a record that a transform may change. */
export type RecordChanges = Partial<ConnectRecord>

/**
 * Returns a copy of the record with some properties replaced. The source or sink coordinates stay the same.
 *
 * Source: ConnectRecord.newRecord, KIP-793.
 */
export function changedRecord<R extends ConnectRecord>(record: R, changes: RecordChanges): R {
  const copy = copyOf(record)
  if (changes.topic !== undefined) copy.topic = changes.topic
  if (changes.partition !== undefined) copy.partition = changes.partition
  if (changes.keySchema !== undefined) copy.keySchema = changes.keySchema
  if ('key' in changes) copy.key = changes.key
  if (changes.valueSchema !== undefined) copy.valueSchema = changes.valueSchema
  if ('value' in changes) copy.value = changes.value
  if (changes.timestamp !== undefined) copy.timestamp = changes.timestamp
  if (changes.headers !== undefined) copy.headers = changes.headers
  return copy
}

type Writable<R> = { -readonly [K in keyof R]: R[K] }

/** Names each property, which is several times faster than spread syntax for objects of this size. */
function copyOf<R extends ConnectRecord>(record: R): Writable<R> {
  const { topic, partition, keySchema, key, valueSchema, value, timestamp, headers } = record
  if (isSourceRecord(record)) {
    const { sourcePartition, sourceOffset } = record
    const copy: SourceRecord = {
      topic,
      partition,
      keySchema,
      key,
      valueSchema,
      value,
      timestamp,
      headers,
      sourcePartition,
      sourceOffset,
    }
    return copy as ConnectRecord as R
  }
  if (isSinkRecord(record)) {
    const { offset, timestampType, originalTopic, originalPartition, originalOffset } = record
    const copy: SinkRecord = {
      topic,
      partition: partition as number,
      keySchema,
      key,
      valueSchema,
      value,
      timestamp,
      headers,
      offset,
      timestampType,
      originalTopic,
      originalPartition,
      originalOffset,
    }
    return copy as ConnectRecord as R
  }
  return { ...record }
}

const isSourceRecord = (record: ConnectRecord): record is SourceRecord => 'sourceOffset' in record
const isSinkRecord = (record: ConnectRecord): record is SinkRecord => 'originalOffset' in record
