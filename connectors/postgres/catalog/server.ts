import { parseLsn } from '../connection/lsn.ts'
import type { Lsn, Query } from '../ports.ts'

/** What a server and its database say about themselves. */
export interface Server {
  /** server_version_num, such as 150018. */
  readonly version: number
  /** Whether the server is a standby. */
  readonly inRecovery: boolean
  readonly walLevel: string
  /** Encoding of the database, such as `UTF8`. */
  readonly encoding: string
  /** Milliseconds; 0 if disabled. */
  readonly walSenderTimeoutMs: number
  /** Bytes of WAL that slots keep at most; null if unlimited, or before PostgreSQL 13. */
  readonly maxSlotWalKeepSize: number | null
}

/** What IDENTIFY_SYSTEM answers. */
export interface SystemIdentity {
  readonly systemId: string
  readonly timeline: number
  readonly position: Lsn
}

const SERVER = `
SELECT current_setting('server_version_num') AS version,
       pg_catalog.pg_is_in_recovery()::text AS in_recovery,
       current_setting('wal_level') AS wal_level,
       (SELECT pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database
         WHERE datname = current_database()) AS encoding,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout') AS wal_sender_timeout,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size') AS keep_size`

const BYTES_PER_MB = 1024 * 1024

/** Reads the state and the settings of the server that matter to logical replication. */
export async function readServer(query: Query): Promise<Server> {
  const [row] = await query(SERVER)
  const keepSize = Number(row?.['keep_size'] ?? -1)
  return {
    version: Number(row?.['version']),
    inRecovery: row?.['in_recovery'] === 'true',
    walLevel: row?.['wal_level'] ?? '',
    encoding: row?.['encoding'] ?? '',
    walSenderTimeoutMs: Number(row?.['wal_sender_timeout'] ?? 0),
    maxSlotWalKeepSize: keepSize < 0 ? null : keepSize * BYTES_PER_MB,
  }
}

/** Why the server cannot stream changes, and what to do; undefined if it can. */
export function walLevelFault({ walLevel }: Server): { problem: string; remedy: string } | undefined {
  if (walLevel === 'logical') return undefined
  return {
    problem: `The server has wal_level=${walLevel}, expected logical.`,
    remedy:
      'Set wal_level = logical in postgresql.conf and restart the server; on a managed server, set the parameter that the' +
      ' provider documents (rds.logical_replication on Amazon RDS).',
  }
}

/** Identifies the server. `query` must be that of a replication connection. */
export async function identifySystem(query: Query): Promise<SystemIdentity> {
  const [row] = await query('IDENTIFY_SYSTEM')
  return {
    systemId: row?.['systemid'] ?? '',
    timeline: Number(row?.['timeline']),
    position: parseLsn(row?.['xlogpos'] ?? ''),
  }
}
