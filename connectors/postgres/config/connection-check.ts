import { messageOf, type ConfigFault, type Logger, type TaskProps } from '../../../api/index.ts'
import { isWellFormed } from '../../../java/index.ts'
import { readRole } from '../catalog/role.ts'
import type { Database } from '../ports.ts'
import { postgresConfig, type PostgresConfig } from './definition.ts'
import { parseSettings } from './parse-settings.ts'
import { validateSettings } from './validation.ts'

/** Opens a connection for statements, as `connect` in connection/. */
export type Connect = (
  config: PostgresConfig,
  options: { readonly applicationName: string; readonly signal: AbortSignal },
) => Promise<Database>

/** First PostgreSQL version for `read.only`, as in server_version_num. */
const READ_ONLY_VERSION = 13_00_00

/**
 * Validates all settings. If none is invalid, connects to the database; an error is reported for `database.hostname`.
 * Missing role attributes are only warned about, if there is a log.
 *
 * Source: RelationalBaseSourceConnector.validate, PostgresConnector.validateConnection.
 */
export async function validateWithConnection(
  props: TaskProps,
  connect: Connect,
  log?: Pick<Logger, 'warn'>,
): Promise<readonly ConfigFault[]> {
  const faults = validateSettings(props)
  if (faults.length > 0 || !isWellFormed(postgresConfig, props)) return faults
  const message = await connectionFault(parseSettings(props), connect, log)
  return message === undefined ? [] : [{ key: 'database.hostname', message }]
}

async function connectionFault(
  config: PostgresConfig,
  connect: Connect,
  log: Pick<Logger, 'warn'> | undefined,
): Promise<string | undefined> {
  const timeoutMs = config['connection.validation.timeout.ms']
  const timeout = AbortSignal.timeout(timeoutMs)
  const testing = testConnection({ ...config, 'database.initial.statements': null }, connect, timeout, log)
  try {
    await Promise.race([testing, aborted(timeout)])
    return undefined
  } catch (error) {
    testing.catch(() => {}) // may fail after the timeout
    if (timeout.aborted) return `Connection validation timed out after ${timeoutMs} ms`
    return `Error while validating connector config: ${databaseMessage(error, config)}`
  }
}

async function testConnection(
  config: PostgresConfig,
  connect: Connect,
  signal: AbortSignal,
  log: Pick<Logger, 'warn'> | undefined,
): Promise<void> {
  const database = await connect(config, {
    applicationName: `${config['topic.prefix']} validation`,
    signal,
  })
  try {
    await checkServer(database, config, log)
  } finally {
    await database.close()
  }
}

async function checkServer(
  { query }: Database,
  config: PostgresConfig,
  log: Pick<Logger, 'warn'> | undefined,
): Promise<void> {
  const [server] = await query("SELECT current_setting('server_version_num') AS version")
  if (config['read.only'] && Number(server?.['version']) < READ_ONLY_VERSION) {
    throw new Error('read.only requires PostgreSQL 13 or later')
  }
  if (log === undefined) return
  if ((await readRole(query)).canStream) return
  const user = config['database.user']
  log.warn(`the role ${user} does not have the attributes LOGIN and REPLICATION; ALTER ROLE adds them`, {
    user,
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('timeout')), { once: true })
  })
}

/** The message of the server as the driver for Java shows it, or ours. */
function databaseMessage(error: unknown, config: PostgresConfig): string {
  const cause = rootCause(error)
  if (isCoded(cause) && cause.code === 'ECONNREFUSED') {
    const address = `${config['database.hostname']}:${config['database.port']}`
    return `Connection to ${address} refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.`
  }
  return isCoded(cause) && cause.severity !== undefined
    ? `${cause.severity}: ${cause.message}`
    : messageOf(error)
}

function rootCause(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0])
  return error instanceof Error && error.cause !== undefined ? rootCause(error.cause) : error
}

const isCoded = (error: unknown): error is Error & { code?: unknown; severity?: string } =>
  error instanceof Error && 'code' in error
