import { ConnectError, isConnectError } from '../../../api/index.ts'
import type { CreatedSlot, Query, ReplicationConnection } from '../ports.ts'
import { sqlStateOf } from './failures.ts'
import { formatLsn, parseLsn } from './lsn.ts'
import { quoteIdentifier, quoteLiteral } from './quoting.ts'
import { endSession, openSession, type Session } from './session.ts'
import type { ConnectionConfig, ConnectOptions } from './settings.ts'
import { runStatement, turns } from './statements.ts'
import { startStream } from './stream.ts'

/** What the caller decides about a connection in replication mode. */
export interface ReplicationOptions extends ConnectOptions {
  /** How long the creation of a slot may take, in milliseconds; it waits for running transactions. */
  readonly createSlotTimeoutMs: number
}

/**
 * Opens a connection in replication mode. `database.initial.statements` are not run, as in Debezium. Rejects with a
 * ConnectError.
 */
export async function connectReplication(
  config: ConnectionConfig,
  options: ReplicationOptions,
): Promise<ReplicationConnection> {
  const session = await openSession(config, options, true)
  const inTurn = turns()
  const timeoutMs = config['database.query.timeout.ms']
  const query: Query = (sql, values) => {
    if (values !== undefined && values.length > 0) {
      return Promise.reject(
        new ConnectError('HR_ILLEGAL_STATE', 'A statement in replication mode has no values.'),
      )
    }
    return inTurn(() => runStatement(session, sql, undefined, timeoutMs))
  }
  return {
    query,
    createSlot: (slot) => inTurn(() => createSlot(session, slot, options.createSlotTimeoutMs)),
    async start({ slot, lsn, parameters }, consumer) {
      const walSenderTimeoutMs = await readWalSenderTimeout(query)
      const statusIntervalMs = config['status.update.interval.ms']
      const timing = { statusIntervalMs, walSenderTimeoutMs }
      try {
        return await inTurn(() => startStream(session, startCommand(slot, lsn, parameters), timing, consumer))
      } catch (error) {
        throw await withHolder(error, query, slot)
      }
    },
    close: () => endSession(session),
  }
}

async function createSlot(
  session: Session,
  { name, failover, temporary }: Parameters<ReplicationConnection['createSlot']>[0],
  timeoutMs: number,
): Promise<CreatedSlot> {
  const options = failover && (await canFailOver(session)) ? ' (FAILOVER)' : ''
  const kind = temporary ? ' TEMPORARY' : ''
  const command = `CREATE_REPLICATION_SLOT ${quoteIdentifier(name)}${kind} LOGICAL pgoutput${options}`
  const [row] = await runStatement(session, command, undefined, timeoutMs)
  return {
    consistentPoint: parseLsn(row?.['consistent_point'] ?? ''),
    snapshotName: row?.['snapshot_name'] ?? '',
  }
}

/** Failover slots exist since PostgreSQL 17, and are created on a primary. Elsewhere the slot is a normal one. */
async function canFailOver(session: Session): Promise<boolean> {
  if (session.serverVersion < 17) return false
  const [row] = await runStatement(session, 'SELECT pg_is_in_recovery() AS standby', undefined, 0)
  return row?.['standby'] === 'f'
}

function startCommand(slot: string, lsn: number, parameters: Readonly<Record<string, string>>): string {
  const options = Object.entries(parameters)
    .map(([name, value]) => `${quoteIdentifier(name)} ${quoteLiteral(value)}`)
    .join(', ')
  const list = options === '' ? '' : ` (${options})`
  return `START_REPLICATION SLOT ${quoteIdentifier(slot)} LOGICAL ${formatLsn(lsn)}${list}`
}

/** Milliseconds; 0 means that the server never ends a connection that does not answer. */
async function readWalSenderTimeout(query: Query): Promise<number> {
  const [row] = await query(`SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout'`)
  return Number(row?.['setting'] ?? 60_000)
}

/** Adds to the error of an active slot who uses it. The connection can run statements after this error. */
async function withHolder(error: unknown, query: Query, slot: string): Promise<unknown> {
  if (sqlStateOf(error) !== '55006' || !isConnectError(error)) return error
  const holder = await slotHolder(query, slot).catch(() => undefined)
  if (holder === undefined) return error
  return new ConnectError(error.code, `${error.message} It is used by ${holder}.`, { cause: error.cause })
}

/** Who uses a slot now: the application, its address and the process of the server. Undefined if nobody does. */
export async function slotHolder(query: Query, slot: string): Promise<string | undefined> {
  const [row] = await query(
    `SELECT s.active_pid AS pid, a.application_name AS application, a.usename AS role, a.client_addr AS address
     FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
     WHERE s.active_pid IS NOT NULL AND s.slot_name = ${quoteLiteral(slot)}`,
  )
  if (row === undefined) return undefined
  const application = row['application'] ?? ''
  const who = application === '' ? 'an application without a name' : `application "${application}"`
  return `${who}, role "${row['role'] ?? '?'}", from ${row['address'] ?? 'a local socket'} (process ${row['pid']})`
}
