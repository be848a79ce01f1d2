import type { Schema } from '../../api/index.ts'

/*
 * The types that the parts of this connector share. README.md shows which part creates and which part reads them.
 */

/**
 * A log sequence number: a position in the WAL, in bytes from its beginning. A number, because arithmetic with bigints is
 * too slow for each message, and exact up to 8 PiB of WAL.
 */
export type Lsn = number

/**
 * Runs one statement and resolves to its rows. All values are text as PostgreSQL prints it, whatever their type; NULL is
 * null. Rejects with a ConnectError that is retriable if the statement can succeed later.
 */
export type Query = (
  sql: string,
  values?: readonly (string | number | null)[],
) => Promise<readonly Readonly<Record<string, string | null>>[]>

/** Called with rows of COPY. After each chunk from the socket, `endOfChunk` may wait, which stops the reading. */
export interface RowConsumer {
  row(row: Row): void
  endOfChunk(): void | Promise<void>
}

/** A connection for statements. */
export interface Database {
  readonly query: Query
  /** Process id of the backend. */
  readonly processId: number
  /**
   * Runs `COPY … TO STDOUT` in text format with `columns` columns. Resolves to the number of rows. Rejects when the
   * signal is aborted, after cancelling the statement.
   */
  copyOut(sql: string, columns: number, consumer: RowConsumer, signal: AbortSignal): Promise<number>
  /** Resolves when the connection has ended, to the error that ended it. */
  readonly ended: Promise<Error | undefined>
  /** Ends the connection. Never rejects. */
  close(): Promise<void>
}

/** What a new logical slot starts with. */
export interface CreatedSlot {
  readonly consistentPoint: Lsn
  /** Valid until the next command on the same replication connection. */
  readonly snapshotName: string
}

/**
 * Called with the messages of a replication stream, in order. If a method returns a promise, no other method is called
 * until it has resolved, and the socket is paused.
 */
export interface WalConsumer {
  /** A message of the output plugin from `start` to `end` of the buffer, which stays unchanged afterwards. */
  message(bytes: Buffer, start: number, end: number, lsn: Lsn): void | Promise<void>
  /** The server has sent everything before `walEnd`. */
  keepalive(walEnd: Lsn): void | Promise<void>
  /** All complete messages of a chunk from the socket have been passed on. */
  endOfChunk(): void | Promise<void>
}

/** A running replication stream. Answers keepalives by itself, also while its consumer waits. */
export interface ReplicationStream {
  /** Tells the server that everything before `lsn` is stored. Never moves back. */
  confirm(lsn: Lsn): void
  /** Resolves when the stream has ended, to the error that ended it; undefined after `close`. */
  readonly ended: Promise<Error | undefined>
  /** Ends the stream and its connection. Never rejects. */
  close(): Promise<void>
}

/** A connection in replication mode (`replication=database`). */
export interface ReplicationConnection {
  readonly query: Query
  createSlot(options: {
    readonly name: string
    readonly failover: boolean
    readonly temporary: boolean
  }): Promise<CreatedSlot>
  /** Starts to stream. The connection cannot be used otherwise afterwards. */
  start(
    options: {
      readonly slot: string
      readonly lsn: Lsn
      readonly parameters: Readonly<Record<string, string>>
    },
    consumer: WalConsumer,
  ): Promise<ReplicationStream>
  close(): Promise<void>
}

/** A table's name. `schema` and `table` are unquoted identifiers, in their own case. */
export interface TableName {
  readonly schema: string
  readonly table: string
}

/** A column of a table as the catalog describes it now. */
export interface Column {
  readonly name: string
  /** attnum, from 1. */
  readonly number: number
  readonly typeOid: number
  /** atttypmod; -1 if the type has no modifier. */
  readonly typmod: number
  /** Whether the column is nullable. */
  readonly optional: boolean
  /** pg_get_expr of the default; null if there is none. Null for a generated column. */
  readonly defaultExpression: string | null
  readonly comment: string | null
  /** A stored generated column. pgoutput does not send it before PostgreSQL 18. */
  readonly generated: boolean
}

/** How PostgreSQL identifies the old row of an update or delete: default, nothing, full or an index. */
export type ReplicaIdentity = 'd' | 'n' | 'f' | 'i'

/** A table as the catalog describes it now. */
export interface Table extends TableName {
  readonly oid: number
  /** In the order of attnum, without dropped columns. */
  readonly columns: readonly Column[]
  /** Columns of the primary key in key order; empty if there is none. */
  readonly primaryKey: readonly string[]
  /** Columns of the first unique index without expressions; empty if there is none. Used if there is no primary key. */
  readonly uniqueIndex: readonly string[]
  readonly replicaIdentity: ReplicaIdentity
  /** A partitioned root (relkind p) has no rows of its own. */
  readonly kind: 'table' | 'partitioned' | 'partition'
}

/** A data type of the database. */
export interface PgType {
  readonly oid: number
  /** pg_type.typname, such as `int4`, `_int4` or `mood`. */
  readonly name: string
  readonly schema: string
  readonly kind: 'base' | 'enum' | 'domain' | 'array' | 'range' | 'multirange' | 'composite' | 'pseudo'
  /** Element type of an array. */
  readonly elementOid?: number
  /** Base type of a domain, and its own modifier. */
  readonly baseOid?: number
  readonly baseTypmod?: number
  /** Labels of an enum in enumsortorder. */
  readonly labels?: readonly string[]
}

/** The data types of the database, by oid. */
export interface TypeRegistry {
  get(oid: number): PgType | undefined
}

/** Cell of a {@link Row} that is NULL. */
export const NULL_CELL = -1
/** Cell of a {@link Row} whose TOASTed value did not change and was not sent. */
export const UNCHANGED_CELL = -2

/**
 * A row in PostgreSQL's text format, as byte ranges of a buffer. One instance is reused for all rows of a reader: read
 * its cells before the next row.
 *
 * `starts[i]` is the first byte of cell i, or NULL_CELL or UNCHANGED_CELL. `ends[i]` is the byte after its last one.
 * Escapes of COPY are already resolved.
 */
export interface Row {
  bytes: Buffer
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Number of cells. */
  count: number
}

/** Where a row comes from. Debezium reads a few types differently in snapshots and streams. */
export type RowOrigin = 'snapshot' | 'stream'

/** Converts the cells of one column to Connect values. Compiled once per column and version of the table. */
export interface ColumnReader {
  /** Schema of the field: optional, default value and parameters included. */
  readonly schema: Schema
  /** `as is`: the text of a cell is the JSON of its value, that of an integer for example. */
  readonly json?: 'as is'
  /** Converts the text from `start` to `end`, which is not NULL. Returns null if the conversion is tolerated to fail. */
  read(bytes: Buffer, start: number, end: number): unknown
  /** Value of an unchanged TOASTed cell (`unavailable.value.placeholder`). */
  readonly unavailable: unknown
  /** Value of a NULL in a field that is not optional: the old row of an update or delete has only the key columns. */
  readonly fallback: unknown
  /** Value of a NULL in an optional field, if it is not null: a mask of fixed length hides NULL, too. */
  readonly nullValue?: unknown
}

/** One change of the kinds that become an event. */
export type Operation = 'r' | 'c' | 'u' | 'd' | 't' | 'm'
