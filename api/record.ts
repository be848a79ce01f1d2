import type { Schema } from './data/index.ts'
import { noHeaders, type Header } from './headers.ts'

/** Values that a source partition or offset may hold: what survives the offset topic's JSON. */
export type OffsetValue = string | number | bigint | boolean | null

/** Names one stream of a source: `{ filename: 'in.txt' }`. The order of its keys is part of its identity. */
export type SourcePartition = Readonly<Record<string, OffsetValue>>

/** Where to go on in a source partition: `{ position: 42 }`. */
export type SourceOffset = Readonly<Record<string, OffsetValue>>

/** A Kafka partition by topic and number. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** What every record has, on its way from a source or to a sink. */
export interface ConnectRecord {
  readonly topic: string
  /** Kafka partition; null lets the key, or nothing, decide. */
  readonly partition: number | null
  readonly keySchema: Schema | null
  readonly key: unknown
  readonly valueSchema: Schema | null
  /** Null is a tombstone. */
  readonly value: unknown
  /** Milliseconds since the epoch. */
  readonly timestamp: number | null
  readonly headers: readonly Header[]
}

/** A record on its way to Kafka. */
export interface SourceRecord extends ConnectRecord {
  readonly sourcePartition: SourcePartition | null
  /** The position after this record: where to resume once it is acknowledged. */
  readonly sourceOffset: SourceOffset | null
}

/** What the timestamp of a consumed record means: set by its producer, or by the broker. */
export type TimestampType = 'NoTimestampType' | 'CreateTime' | 'LogAppendTime'

/** A record that came from Kafka. */
export interface SinkRecord extends ConnectRecord {
  readonly partition: number
  readonly offset: number
  readonly timestampType: TimestampType
  /** As consumed, before any transform. Source: KIP-793. */
  readonly originalTopic: string
  readonly originalPartition: number
  readonly originalOffset: number
}

/** The parts of a source record that its maker has to give; the rest is null. */
export type SourceRecordInit = Pick<SourceRecord, 'topic' | 'sourcePartition' | 'sourceOffset'> &
  Partial<SourceRecord>

/** Makes a source record with every property present, in one order: records of one shape are read fastest. */
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

/** What a transform may change of a record. */
export type RecordChanges = Partial<ConnectRecord>

/**
 * The record with some parts replaced; its source or sink coordinates stay.
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

/** Names every property: several times faster than spreading, which engines do not compile for objects so large. */
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
