import type { Lsn, ReplicaIdentity } from '../ports.ts'

/** First byte of each message of pgoutput, protocol version 1. Source: "Logical Replication Message Formats". */
export const tags = {
  begin: 0x42,
  commit: 0x43,
  origin: 0x4f,
  relation: 0x52,
  type: 0x59,
  insert: 0x49,
  update: 0x55,
  delete: 0x44,
  truncate: 0x54,
  message: 0x4d,
} as const

/** Microseconds from 1970-01-01 to 2000-01-01, the epoch of PostgreSQL. */
const POSTGRES_EPOCH_US = 946_684_800_000_000
const TWO_TO_32 = 0x1_0000_0000

export interface Begin {
  /** LSN of the commit record. */
  readonly finalLsn: Lsn
  /** Microseconds since 1970. */
  readonly commitTimeUs: number
  readonly xid: number
}

export interface RelationColumn {
  readonly name: string
  readonly typeOid: number
  readonly typmod: number
  /** Whether the column is part of the replica identity. */
  readonly isIdentity: boolean
}

/** Describes a table before its first change in a stream, and after each change of its definition. */
export interface Relation {
  readonly oid: number
  readonly schema: string
  readonly table: string
  readonly replicaIdentity: ReplicaIdentity
  readonly columns: readonly RelationColumn[]
}

export interface LogicalMessage {
  readonly transactional: boolean
  readonly lsn: Lsn
  readonly prefix: string
  readonly content: Buffer
}

/** All functions take the position after the tag. */
export function readBegin(bytes: Buffer, at: number): Begin {
  return {
    finalLsn: readUint64(bytes, at),
    commitTimeUs: readTimeUs(bytes, at + 8),
    xid: bytes.readUInt32BE(at + 16),
  }
}

/** Returns the end of the transaction: the LSN after its commit record. */
export function readCommitEnd(bytes: Buffer, at: number): Lsn {
  return readUint64(bytes, at + 9)
}

/** Returns the LSN and the name of the server on which a replicated transaction was made. */
export function readOrigin(bytes: Buffer, at: number): { readonly lsn: Lsn; readonly name: string } {
  return { lsn: readUint64(bytes, at), name: readText(bytes, at + 8).text }
}

export function readRelation(bytes: Buffer, at: number): Relation {
  const oid = bytes.readUInt32BE(at)
  const schema = readText(bytes, at + 4)
  const table = readText(bytes, schema.end)
  const replicaIdentity = String.fromCharCode(bytes[table.end]!) as ReplicaIdentity
  const count = bytes.readUInt16BE(table.end + 1)
  const columns: RelationColumn[] = []
  let next = table.end + 3
  for (let index = 0; index < count; index++) {
    const name = readText(bytes, next + 1)
    columns.push({
      name: name.text,
      typeOid: bytes.readUInt32BE(name.end),
      typmod: bytes.readInt32BE(name.end + 4),
      isIdentity: (bytes[next]! & 1) !== 0,
    })
    next = name.end + 8
  }
  // pgoutput writes an empty name for pg_catalog
  const namespace = schema.text === '' ? 'pg_catalog' : schema.text
  return { oid, schema: namespace, table: table.text, replicaIdentity, columns }
}

/** Returns the oids of the truncated tables. */
export function readTruncate(bytes: Buffer, at: number): readonly number[] {
  const count = bytes.readUInt32BE(at)
  return Array.from({ length: count }, (_, index) => bytes.readUInt32BE(at + 5 + index * 4))
}

export function readLogicalMessage(bytes: Buffer, at: number): LogicalMessage {
  const prefix = readText(bytes, at + 9)
  const length = bytes.readUInt32BE(prefix.end)
  const start = prefix.end + 4
  return {
    transactional: (bytes.readUInt8(at) & 1) === 1,
    lsn: readUint64(bytes, at + 1),
    prefix: prefix.text,
    content: bytes.subarray(start, start + length),
  }
}

/** Exact up to 2^53. */
export function readUint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * TWO_TO_32 + bytes.readUInt32BE(at + 4)
}

function readTimeUs(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * TWO_TO_32 + bytes.readUInt32BE(at + 4) + POSTGRES_EPOCH_US
}

function readText(bytes: Buffer, start: number): { readonly text: string; readonly end: number } {
  const zero = bytes.indexOf(0, start)
  return { text: bytes.toString('utf8', start, zero), end: zero + 1 }
}
