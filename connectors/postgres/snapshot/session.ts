import { ConnectError, messageOf } from '../../../api/index.ts'
import { sqlStateOf } from '../connection/failures.ts'
import { quoteLiteral } from '../connection/quoting.ts'
import type { Database, Query } from '../ports.ts'

/** How the transactions of a snapshot see the tables. */
export interface SnapshotView {
  /** The options of BEGIN. */
  readonly isolation: string
  /** The exported snapshot that all transactions import; undefined if each sees the tables at its own time. */
  readonly snapshotName: string | undefined
  /** server_version_num */
  readonly version: number
  /** As {@link serverIdentity} tells. */
  readonly server: string
}

/** What imports a snapshot sees what it sees. */
export const IMPORTING = 'ISOLATION LEVEL REPEATABLE READ, READ ONLY'

const IDENTITY = `
SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::int8::text || ' ' || current_database() AS server`

/** Tells servers and databases apart: two connections with the same text can share snapshots. */
export async function serverIdentity(query: Query): Promise<string> {
  const [row] = await query(IDENTITY)
  return row?.['server'] ?? ''
}

/**
 * Opens a connection whose transaction sees what the others of the snapshot see. Throws `HR_CONNECT` if it reaches another
 * server, and `HR_RETRIABLE` if the exported snapshot is gone.
 */
export async function openSession(open: () => Promise<Database>, view: SnapshotView): Promise<Database> {
  const database = await open()
  try {
    const server = await serverIdentity(database.query)
    if (server !== view.server) throw otherServer()
    await begin(database.query, view, READER_LOCK_TIMEOUT_MS)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * How long a reader waits for its lock. If somebody waits to change the table, for the lock that the snapshot already has,
 * readers would wait for that somebody, and all of them forever.
 */
const READER_LOCK_TIMEOUT_MS = 1000

/** Begins the transaction, and turns off what could end it or change the order of rows. */
export async function begin(query: Query, view: SnapshotView, lockTimeoutMs: number): Promise<void> {
  await query(`BEGIN ${view.isolation}`)
  if (view.snapshotName !== undefined) await importSnapshot(query, view.snapshotName)
  await query(`SELECT ${settingsOf(view.version, lockTimeoutMs).join(', ')}`)
}

function settingsOf(version: number, lockTimeoutMs: number): readonly string[] {
  const settings = [
    ['statement_timeout', '0'],
    ['lock_timeout', String(lockTimeoutMs)],
    ['idle_in_transaction_session_timeout', '0'],
    ...(version >= 170_000 ? [['transaction_timeout', '0']] : []),
    // both would return rows in another order each time
    ['synchronize_seqscans', 'off'],
    ['max_parallel_workers_per_gather', '0'],
  ]
  return settings.map(([name, value]) => `set_config('${name}', '${value}', true)`)
}

/** SQLSTATEs of an import that finds no exported snapshot, or one whose transaction has ended. */
const goneStates = new Set(['22023', '42704', '55000'])

async function importSnapshot(query: Query, name: string): Promise<void> {
  try {
    await query(`SET TRANSACTION SNAPSHOT ${quoteLiteral(name)}`)
  } catch (error) {
    if (!goneStates.has(sqlStateOf(error) ?? '')) throw error
    throw new ConnectError(
      'HR_RETRIABLE',
      `The exported snapshot ${name} is gone, because the session that exported it has ended: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

/** The error if two connections reach different servers. */
export function otherServer(): ConnectError {
  return new ConnectError(
    'HR_CONNECT',
    'Two connections of the snapshot reach different servers: database.hostname is the address of a connection pooler or' +
      ' of a reader endpoint. Set it to the address of one server, the primary if the connector streams from it.',
  )
}
