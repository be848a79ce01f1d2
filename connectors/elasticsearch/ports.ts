import type { SinkRecord } from '../../api/index.ts'

/*
 * The types that the parts of this connector share. README.md shows which part creates and which part uses them.
 */

/** A request to the server. */
export interface ServerRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** Path with escaped parts, such as `/orders/_mapping`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** JSON, or lines of JSON for `_bulk`. */
  readonly body?: string
}

/** A response of the server, whatever its status. */
export interface ServerResponse {
  readonly status: number
  /** The value of the header Retry-After in milliseconds; undefined if there is none. */
  readonly retryAfterMs: number | undefined
  /** The parsed JSON; undefined if there is no body, the text if it is not JSON. */
  readonly body: unknown
}

/**
 * Talks to Elasticsearch or OpenSearch. Tries the hosts in turn when one is away.
 */
export interface SearchServer {
  /**
   * Resolves to the response. Rejects with `HR_RETRIABLE` if no host responds in time, and with another code if a request
   * can never succeed, for example because a certificate is not trusted.
   */
  request(request: ServerRequest, signal: AbortSignal): Promise<ServerResponse>
  close(): Promise<void>
}

/** One operation of a bulk request. */
export interface Operation {
  readonly kind: 'index' | 'create' | 'update' | 'delete'
  /** Index, data stream or alias. */
  readonly target: string
  /** Null if the server creates the id. */
  readonly id: string | null
  /** The external version; null without versions. */
  readonly version: number | bigint | null
  /** The line of the action, and that of the document, each with a newline, as they are sent. */
  readonly lines: string
  /** Size of `lines` in bytes. */
  readonly bytes: number
  readonly record: SinkRecord
}

/** What has become of an operation. */
export type Outcome =
  | { readonly kind: 'written' }
  /** A version conflict that shows that this record, or a later one of the same document, is stored. */
  | { readonly kind: 'superseded'; readonly storedVersion: number | bigint | undefined }
  /** The server does not accept the document. */
  | { readonly kind: 'refused'; readonly status: number; readonly type: string; readonly reason: string }

/**
 * Writes operations with bulk requests, several at a time. Operations on the same document are written in the order in which
 * they were added, at any concurrency. Temporary errors are retried; order and the other documents are not affected.
 */
export interface BulkWriter {
  /** Number of operations that have been added and are not settled. */
  readonly pending: number
  /** Whether there is room for more operations. */
  readonly hasRoom: boolean
  /** Adds operations. Never waits; see {@link room}. */
  add(operations: readonly Operation[]): void
  /**
   * Resolves to true when there is room for more operations, and to false after `waitMs` milliseconds. Rejects after a fatal
   * error, and when the signal is aborted.
   */
  room(waitMs: number, signal: AbortSignal): Promise<boolean>
  /**
   * Sends what waits for a full batch. Resolves when all operations added before are settled. Rejects after a fatal error,
   * and when the signal is aborted.
   */
  flush(signal: AbortSignal): Promise<void>
  /**
   * Drops operations: they are not sent, or not again, and their outcomes are not reported. Resolves to true when none of
   * them is in a request, and to false after `waitMs` milliseconds.
   */
  drop(isGone: (operation: Operation) => boolean, waitMs: number, signal: AbortSignal): Promise<boolean>
  /** Drops waiting operations and aborts requests. Never rejects. */
  close(): Promise<void>
}

/** Called when an operation is settled. May wait, for example for the dead-letter queue; a rejection is a fatal error. */
export type Settled = (operation: Operation, outcome: Outcome) => void | Promise<void>

/** Where the records of a topic go. */
export interface Target {
  readonly name: string
  readonly kind: 'index' | 'data stream' | 'alias of an index' | 'alias of a data stream'
  /** Whether the connector creates it if it is missing. */
  readonly create: boolean
}

/**
 * Finds the target of a record. Throws `HR_DATA_INVALID` for a record without one, and `HR_CONNECT` for a topic without an
 * external resource: then no record of the topic can be written.
 */
export type TargetOf = (record: SinkRecord) => Target

/** Converts records to operations. Compiled per schema. */
export interface OperationBuilder {
  /**
   * Returns the operation of a record, or null if there is nothing to do for it. Throws `HR_DATA_INVALID` for a record that
   * cannot be converted.
   */
  build(record: SinkRecord, target: Target): Operation | null
}

/** Makes sure that targets exist and have mappings. */
export interface Targets {
  /**
   * Whether `prepare` has already succeeded for the target and the schema of the record's value. Checked for each record, so
   * it must be fast.
   */
  isReady(target: Target, record: SinkRecord): boolean
  /**
   * Creates the target and its mapping if necessary. Rejects with `HR_RETRIABLE` if it may succeed later, with another code
   * and one clear sentence if not.
   */
  prepare(target: Target, record: SinkRecord, signal: AbortSignal): Promise<void>
}
