import { isConnectError, messageOf, type Finding } from '../../../api/index.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { sqlStateOf } from '../connection/failures.ts'
import type { connect } from '../connection/database.ts'
import type { connectReplication } from '../connection/replication.ts'
import type { Database } from '../ports.ts'
import { otherServer, serverIdentity } from '../snapshot/session.ts'
import { error } from '../../shared/finding.ts'
import type { Inspection } from './inspection.ts'

/** Opens the connections of a diagnosis. */
export interface Connecting {
  readonly connect: typeof connect
  readonly connectReplication: typeof connectReplication
}

/** Limits each connection and statement, so that one that hangs is reported as such. */
const TIMEOUT_MS = 10_000

/** Settings of the connections of a diagnosis. */
export const hurried = (config: PostgresConfig): PostgresConfig => ({
  ...config,
  'database.query.timeout.ms': Math.min(config['database.query.timeout.ms'] || TIMEOUT_MS, TIMEOUT_MS),
})

const READ_ONLY = 'SET default_transaction_read_only = on'

/**
 * Opens a connection that cannot write. `database.initial.statements` are run, because they may change the role; if they
 * write something, they are left out.
 */
export async function connectReadOnly(
  config: PostgresConfig,
  { connect }: Connecting,
  options: { readonly applicationName: string; readonly signal: AbortSignal },
): Promise<Database> {
  const initial = config['database.initial.statements'] ?? ''
  const open = (statements: string): Promise<Database> =>
    connect(
      { ...hurried(config), 'database.initial.statements': statements },
      { ...options, timeoutMs: TIMEOUT_MS },
    )
  try {
    return await open(`${READ_ONLY}; ${initial}`)
  } catch (cause) {
    if (!/SQLSTATE 25006/.test(messageOf(cause))) throw cause
    return open(READ_ONLY)
  }
}

/** Why no connection is possible. Throws what is not a ConnectError. */
export function unreachable(cause: unknown): Finding {
  if (!isConnectError(cause)) throw cause
  const { message } = cause
  const state = sqlStateOf(cause) ?? ''
  if (cause.code === 'HR_CONFIG_INVALID') {
    return error('initial-statements', message, 'Correct database.initial.statements.')
  }
  if (state.startsWith('28')) {
    return error(
      'authentication',
      message,
      'Correct database.user and database.password, or allow the user in pg_hba.conf.',
    )
  }
  if (state === '3D000') return error('database-missing', message, 'Correct database.dbname.')
  if (state === '53300')
    return error('too-many-connections', message, 'End connections, or raise max_connections.')
  const remedy =
    'Check database.hostname, database.port, the settings database.ssl…, firewalls, and whether the server runs.'
  return error('server-unreachable', message, remedy)
}

/**
 * Whether a replication connection is possible, and reaches the same server as others. It does not if there is a connection pooler
 * or a reader endpoint in between.
 */
export async function replicationFindings(
  { config, context, connector, query, role, streams }: Inspection,
  connecting: Connecting,
): Promise<readonly Finding[]> {
  if (!streams || !role.canStream) return []
  const here = await serverIdentity(query)
  let replication
  try {
    replication = await connecting.connectReplication(hurried(config), {
      applicationName: `headrace doctor ${connector}`.trim(),
      signal: context.signal,
      timeoutMs: TIMEOUT_MS,
      createSlotTimeoutMs: TIMEOUT_MS,
    })
  } catch (cause) {
    if (!isConnectError(cause)) throw cause
    const remedy =
      'A connection pooler passes on no replication connections: set database.hostname and database.port to those of the server itself.' +
      ' Otherwise allow the user and the database in pg_hba.conf, and see the findings about WAL senders.'
    return [error('replication-connection', `No replication connection: ${cause.message}`, remedy)]
  }
  try {
    if ((await serverIdentity(replication.query)) === here) return []
    const remedy =
      'Set database.hostname to the address of one server, the primary if the connector streams from it.'
    return [error('several-servers', otherServer().message, remedy)]
  } finally {
    await replication.close()
  }
}
