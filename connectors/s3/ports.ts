import type { Schema, SinkRecord, TopicPartition } from '../../api/index.ts'

/*
 * The types that the parts of this connector share. README.md shows which part creates and which part uses them.
 */

/** A value with its schema; the schema is null for schemaless values. */
export interface SchemaAndValue {
  readonly schema: Schema | null
  readonly value: unknown
}

// Formats

/** Encodes the values of one object. Its methods are never called while an earlier call is pending. */
export interface ObjectEncoder {
  /**
   * Adds a value. Throws `HR_DATA_INVALID` for a value that the format cannot hold; the encoder is then as it was before
   * the call.
   */
  write(value: unknown, schema: Schema | null): void
  /** Memory in bytes, estimated. */
  readonly heldBytes: number
  /** The part of it that stays after `release`, such as what the end of the file will contain. */
  readonly keptBytes: number
  /** Passes the held values to the output, for example as a block or a row group of their own. */
  release(): Promise<void>
  /** Passes everything to the output, the end of the file included. The last call. */
  end(): Promise<void>
}

/** Called with the next bytes of an object. The buffer must not change afterwards. */
export type Output = (bytes: Buffer) => void

/** A file format, with its compression. */
export interface ObjectFormat {
  /** The end of the names of its objects, such as `.json.gz`. */
  readonly extension: string
  readonly contentType: string
  /** Null if the object is not compressed as a whole. */
  readonly contentEncoding: string | null
  /**
   * Starts an object whose values have this schema; null for schemaless values. Throws `HR_DATA_INVALID` for a schema that
   * the format cannot represent.
   */
  open(schema: Schema | null, output: Output): ObjectEncoder
}

/** An object to be read. */
export interface ObjectSource {
  readonly key: string
  /** Size in bytes. */
  readonly size: number
  /** Streams the bytes from a position to the end. */
  stream(from: number, signal: AbortSignal): AsyncIterable<Buffer>
  /** Resolves to the bytes from `start` to before `end`. */
  range(start: number, end: number, signal: AbortSignal): Promise<Buffer>
}

/** Reads the objects of a format. */
export interface ObjectReader {
  /**
   * Reads values in order, in batches, after skipping the first `skip` values. Throws `HR_DATA_INVALID` for an object that
   * does not have the format, after the values before the fault.
   */
  read(object: ObjectSource, skip: number, signal: AbortSignal): AsyncIterable<readonly SchemaAndValue[]>
}

// Partitioners

/** Determines the directory of a record. */
export interface Partitioner {
  /**
   * Returns the directory of a record, such as `partition=0`. `now` is the time of the current batch, in milliseconds since
   * the epoch.
   *
   * Throws `HR_DATA_INVALID` with the Java class PartitionException if it cannot be determined.
   */
  directoryOf(record: SinkRecord, now: number): string
  /**
   * Returns the time of a record that rotation by time uses, in milliseconds since the epoch; null if the record has none.
   * Undefined if the partitioner is not based on time. Throws like `directoryOf`.
   */
  timeOf?(record: SinkRecord, now: number): number | null
}

// Objects being written

/** What an object stores about its records, as user metadata. */
export interface ObjectExtent {
  readonly startOffset: number
  /** Offset of the last record in the object. */
  readonly endOffset: number
  readonly recordCount: number
  /** Timestamp of the first record, in milliseconds; null if it has none. Tells apart records of a topic that was made anew. */
  readonly startTimestamp: number | null
}

/** The result of storing an object. */
export type Stored =
  /** The object has its content; it may be the one of an equal object that existed. */
  | { readonly kind: 'stored' }
  /** An object with this key holds the same first record and another number of records. It has been left as it is. */
  | { readonly kind: 'exists'; readonly endOffset: number }

/** Attributes of an object that do not depend on its records. */
export interface ObjectAttributes {
  readonly contentType: string
  readonly contentEncoding: string | null
}

/**
 * What happens if an object with the same key exists:
 *
 * - `keep`: an object that starts with the same record is kept, and its extent is the result;
 * - `keep-newer`: it is replaced if its end offset is smaller, or its timestamp is earlier (objects that hold the latest record
 *   of each key, which may come from several partitions);
 * - `replace`: it is replaced.
 *
 * An object without an extent, and one that starts with another record, is replaced in any case.
 */
export type WhenExists = 'keep' | 'keep-newer' | 'replace'

/** An object that is being written. Its bytes are in memory, in a temporary file, or uploaded. */
export interface OpenObject {
  readonly key: string
  /** Number of bytes so far. */
  readonly size: number
  /** Adds bytes. Never waits; see {@link ObjectWriter.settle}. */
  append(bytes: Buffer): void
  /**
   * Stores the object with everything appended. Retries as configured and rejects with a ConnectError: with
   * `HR_RETRIABLE` if another call can succeed, with another code if not. May be called again in two cases: after it has
   * rejected with `HR_RETRIABLE`, and after `exists` with `replace`: the bytes are kept until `discard`.
   */
  store(extent: ObjectExtent, whenExists: WhenExists, signal: AbortSignal): Promise<Stored>
  /**
   * Drops the bytes and aborts the upload, if there is one. Called for each object that is not `stored`, after `store` has
   * settled. Never rejects.
   */
  discard(): Promise<void>
}

/** Writes objects to the bucket, within the limits of memory of the task. */
export interface ObjectWriter {
  open(key: string, attributes: ObjectAttributes): OpenObject
  /**
   * Called after each batch, with the memory that encoders hold. Moves bytes to the temporary file or uploads them while
   * the task uses more memory than its limit. Rejects like `store`.
   */
  settle(heldByEncoders: number, signal: AbortSignal): Promise<void>
  /** Aborts all uploads and removes the temporary file. Never rejects. */
  close(): Promise<void>
}

// Reading the bucket

export interface ListedObject {
  readonly key: string
  readonly size: number
  readonly etag: string
  /** Milliseconds since the epoch. */
  readonly lastModified: number
}

/** Lists and reads objects. */
export interface ObjectBucket {
  /** Lists the objects whose keys start with `prefix`, in order of their keys, in pages. */
  list(
    prefix: string,
    startAfter: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly ListedObject[]>
  /** Returns the object as it was when it was listed: reading rejects with `HR_RETRIABLE` if it has been replaced. */
  open(object: ListedObject): ObjectSource
  close(): void
}

// The plan of a sink

/** The parts of an object's name. */
export interface ObjectNameParts extends TopicPartition {
  /** Topic of the records, after the transforms: the one of the directory. `partition` is the one they were read from. */
  readonly topic: string
  /**
   * Topic that the records were read from: the one of the file name. The same as `topic` without a transform that renames
   * topics; with one, it keeps apart the objects of topics that get the same name.
   */
  readonly originalTopic: string
  /** The directory, from {@link Partitioner.directoryOf}. */
  readonly directory: string
  readonly startOffset: number
}

/** When the objects of a partition are closed. All of them are closed together. */
export interface Rotation {
  /** After this number of records; null for no limit. */
  readonly flushSize: number | null
  /** When the time of a record is this far after that of the first one, in milliseconds; null for no limit. */
  readonly intervalMs: number | null
  /** With `intervalMs`: when the directory of a record differs from that of the record before. */
  readonly onDirectoryChange: boolean
  /** Returns the next time at which objects are closed, for a time in milliseconds since the epoch; null if there is none. */
  readonly nextScheduled: ((now: number) => number) | null
  /** At each commit of offsets (the Aiven sink). */
  readonly atCommit: boolean
  /** Number of directories of a partition with open objects; null for no limit. */
  readonly maxOpenDirectories: number | null
}

/** Decides about the schemas of the records in one object. */
export interface SchemaCompatibility {
  /**
   * Returns whether the objects must be closed before the record, because its schema does not fit into the object with the
   * schema `current`. Throws `HR_PROJECTION_FAILED` if the schemas cannot be compared.
   */
  mustRotate(record: SchemaAndValue, current: Schema | null): boolean
  /** Returns the value as one of the schema of the object. Throws `HR_PROJECTION_FAILED`. */
  project(record: SchemaAndValue, current: Schema | null): SchemaAndValue
}

/** One of the objects that a record is written to: the record's value, its key, or its headers. */
export interface View {
  readonly kind: 'value' | 'key' | 'headers'
  readonly format: ObjectFormat
  /** Returns what is written; throws `HR_DATA_INVALID` for a record that has nothing to write, such as a null key. */
  read(record: SinkRecord): SchemaAndValue
}

/** Everything that the sink's writer needs to know of the settings. */
export interface SinkPlan {
  readonly partitioner: Partitioner
  readonly rotation: Rotation
  readonly compatibility: SchemaCompatibility
  /** What is written of each record. The first is the main one; the objects of the others are stored before its object. */
  readonly views: readonly View[]
  /** Returns the key of the object of a view. */
  objectKey(parts: ObjectNameParts, view: View): string
  readonly whenExists: WhenExists
  /**
   * What happens to records whose value is null. `write` stores their keys in the directory for tombstones; with `keep`,
   * they are written like all others.
   */
  readonly nullValues: 'fail' | 'ignore' | 'report' | 'write' | 'keep'
  /** With `write`: the directory of the objects with keys of tombstones, instead of that of the partitioner. */
  readonly tombstoneDirectory: string
  /** Groups by directory only the latest record of each (the Aiven sink with a template by key). */
  readonly latestOnly: boolean
  /** Time between attempts to store an object after a retriable error, in milliseconds. */
  readonly retryBackoffMs: number
  /** How long one `put` may take before it leaves the rest of its records for the next, in milliseconds; null for no limit. */
  readonly maxPutMs: number | null
}
