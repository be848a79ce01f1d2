import { ConnectError, messageOf } from '../../../api/index.ts'
import { isTrue } from '../connection/booleans.ts'
import { sqlStateOf } from '../connection/failures.ts'
import { parseLsn } from '../connection/lsn.ts'
import { quoteIdentifier, quoteTable } from '../connection/quoting.ts'
import type { Database, Lsn, Query } from '../ports.ts'
import type { PlannedTable } from './plan.ts'
import type { SnapshotPosition } from './ports.ts'
import { isWholeStatement } from './ranges.ts'
import { begin, IMPORTING, otherServer, serverIdentity, type SnapshotView } from './session.ts'

/** The snapshot that a new slot has exported. */
export interface ExportedSnapshot {
  readonly snapshotName: string
  /** Where the slot begins: it sends what the snapshot does not show. */
  readonly consistentPoint: Lsn
  /** {@link serverIdentity} of the connection that created the slot, asked before. */
  readonly server: string
}

/**
 * The transaction that keeps the snapshot and the locks of its tables while others read.
 */
export interface Coordinator {
  readonly query: Query
  /** Reads without waiting for a lock that it has. */
  readonly copyOut: Database['copyOut']
  readonly position: SnapshotPosition
  readonly view: SnapshotView
  /** Takes a lock that keeps the table from being rewritten until the end of the snapshot. */
  lock(table: PlannedTable): Promise<void>
  /** Resolves when the connection has ended unexpectedly. */
  readonly ended: Promise<Error | undefined>
  /** Ends the transaction. Rejects if it had ended before, and its locks with it. */
  commit(): Promise<void>
  close(): Promise<void>
}

const START = `
SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text AS lsn,
       (CASE WHEN NOT pg_is_in_recovery() THEN txid_current() END)::text AS tx_id,
       pg_is_in_recovery()::text AS in_recovery,
       current_setting('server_version_num') AS version`

const TIME = `SELECT (extract(epoch FROM transaction_timestamp()) * 1000000)::int8::text AS time`

/**
 * Opens the transaction: with the snapshot that the slot has exported, or with one of its own in `snapshot.isolation.mode`.
 * The position in the WAL is read before its own snapshot, so that no change is lost between both.
 *
 * Source: PostgresSnapshotChangeEventSource.determineSnapshotOffset.
 */
export async function openCoordinator(
  open: () => Promise<Database>,
  exported: ExportedSnapshot | undefined,
  isolationMode: string,
): Promise<Coordinator> {
  const database = await open()
  try {
    const { query } = database
    const server = await serverIdentity(query)
    if (exported !== undefined && exported.server !== server) throw otherServer()
    const [start] = await query(START)
    const version = Number(start?.['version'])
    const isolation =
      exported === undefined ? isolationOf(isolationMode, isTrue(start?.['in_recovery'])) : IMPORTING
    await begin(query, { isolation, snapshotName: exported?.snapshotName, version, server }, 0)
    const [time] = await query(TIME)
    const txId = start?.['tx_id'] ?? null
    const position = {
      lsn: exported?.consistentPoint ?? parseLsn(start?.['lsn'] ?? ''),
      txId: txId === null ? null : Number(txId),
      timeUs: Number(time?.['time']),
    }
    const view = await viewOf(query, exported, isolation, version, server)
    return coordinatorOf(database, position, view)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** A standby has no serializable transactions. Source: PostgresConnectorConfig.SnapshotIsolationMode. */
function isolationOf(mode: string, inRecovery: boolean): string {
  const name = mode.toLowerCase()
  if (name === 'read_committed') return 'ISOLATION LEVEL READ COMMITTED, READ ONLY'
  if (name === 'read_uncommitted') return 'ISOLATION LEVEL READ UNCOMMITTED, READ ONLY'
  if (name === 'repeatable_read' || inRecovery) return IMPORTING
  return 'ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE'
}

async function viewOf(
  query: Query,
  exported: ExportedSnapshot | undefined,
  isolation: string,
  version: number,
  server: string,
): Promise<SnapshotView> {
  if (exported !== undefined) {
    return { isolation: IMPORTING, snapshotName: exported.snapshotName, version, server }
  }
  if (/READ (?:UN)?COMMITTED/.test(isolation)) return { isolation, snapshotName: undefined, version, server }
  const [row] = await query('SELECT pg_export_snapshot() AS name')
  return { isolation: IMPORTING, snapshotName: row?.['name'] ?? '', version, server }
}

function coordinatorOf(database: Database, position: SnapshotPosition, view: SnapshotView): Coordinator {
  const { query } = database
  return {
    query,
    copyOut: (...statement) => database.copyOut(...statement),
    position,
    view,
    lock: (table) => lockTable(query, table),
    ended: database.ended,
    commit: async () => {
      await query('COMMIT')
    },
    close: () => database.close(),
  }
}

/**
 * A statement that reads nothing takes ACCESS SHARE as LOCK TABLE does, but does not need a privilege on all columns. It
 * also locks the partitions.
 */
async function lockTable(query: Query, planned: PlannedTable): Promise<void> {
  if (isWholeStatement(planned)) return
  const columns = planned.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  try {
    await query(`SELECT ${columns} FROM ${quoteTable(planned.table)} LIMIT 0`)
  } catch (error) {
    const state = sqlStateOf(error)
    if (state === '55P03') throw lockTimeout(planned, error)
    if (state === '42P01' || state === '42703') throw changedTable(planned, error)
    throw error
  }
}

function lockTimeout(planned: PlannedTable, cause: unknown): ConnectError {
  return new ConnectError(
    'HR_RETRIABLE',
    `Cannot lock ${planned.name} within snapshot.lock.timeout.ms: another transaction changes its structure. End that` +
      ' transaction, or raise snapshot.lock.timeout.ms.',
    { cause },
  )
}

function changedTable(planned: PlannedTable, cause: unknown): ConnectError {
  return new ConnectError(
    'HR_RETRIABLE',
    `${planned.name} was changed, renamed or dropped while the snapshot was prepared: ${messageOf(cause)}`,
    { cause },
  )
}

/** Locks all tables, each within the time. Source: SharedSnapshotLock. */
export async function lockAll(
  coordinator: Coordinator,
  tables: readonly PlannedTable[],
  timeoutMs: number,
): Promise<void> {
  await coordinator.query(`SET LOCAL lock_timeout = ${timeoutMs}`)
  for (const table of tables) await coordinator.lock(table)
  await coordinator.query('SET LOCAL lock_timeout = 0')
}
