import type { Socket } from 'node:net'
import { Client } from 'pg'
import { ConnectError, isRetriable } from '../../../api/index.ts'
import { cancelStatement } from './cancel.ts'
import { asConnectError, sqlStateOf } from './failures.ts'
import { hostsOf, type ConnectionConfig, type ConnectOptions, type Host } from './settings.ts'
import { encryptions, type Encryption } from './tls.ts'

/** What the driver keeps to itself: the key to cancel statements. */
interface CancelKey {
  readonly processID: number
  readonly secretKey: number
}

/** An open connection. */
export interface Session {
  readonly client: Client
  readonly socket: Socket
  readonly host: Host
  readonly user: string
  readonly processId: number
  readonly secretKey: number
  /** Version of the server, such as 15 for 15.18. */
  readonly serverVersion: number
  /** Resolves when the connection has ended: to the error that ended it, or undefined after {@link endSession}. */
  readonly ended: Promise<ConnectError | undefined>
  /** The error that ended the connection, if it has ended. */
  failure(): ConnectError | undefined
  /** Called when the connection ends. A listener that is removed leaves nothing behind, as one of `ended` does. */
  readonly endListeners: Set<(error: ConnectError | undefined) => void>
  /** Statements that run now: {@link endSession} cancels them, because the server does not notice before that the client left. */
  running: number
}

/**
 * How values are printed, whatever the defaults of the server, the database or the role are.
 *
 * Differs: limits of the server for statements and idle connections do not apply. The connector has its own limits for statements,
 * and its connections are idle for long by nature.
 */
const sessionSettings = [
  `SET TimeZone = 'UTC'`,
  `SET DateStyle = 'ISO'`,
  `SET IntervalStyle = 'postgres'`,
  'SET extra_float_digits = 3',
  `SET bytea_output = 'hex'`,
  'SET standard_conforming_strings = on',
  `SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN
     ('statement_timeout', 'transaction_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout')`,
].join('; ')

const DEFAULT_TIMEOUT_MS = 10_000
const END_TIMEOUT_MS = 4000

/**
 * Connects to the first host of `database.hostname` that accepts, in the ways that `database.sslmode` allows. Rejects with a
 * ConnectError: that of the last host.
 */
export async function openSession(
  config: ConnectionConfig,
  options: ConnectOptions,
  replication: boolean,
): Promise<Session> {
  let failure = new ConnectError(
    'HR_CONFIG_INVALID',
    'database.hostname has no value, expected the host of the server',
    {
      configKey: 'database.hostname',
    },
  )
  for (const host of hostsOf(config)) {
    const ways = encryptions(config, host.host)
    for (const [index, way] of ways.entries()) {
      try {
        return await openOne(config, options, replication, host, way)
      } catch (error) {
        options.signal.throwIfAborted()
        const doing = `connect to PostgreSQL at ${host.host}:${host.port}, database "${config['database.dbname']}"`
        failure = asConnectError(error, doing, config['database.user'])
        if (index + 1 < ways.length && !otherWayMayWork(error, way)) break
      }
    }
    if (!isRetriable(failure)) break
  }
  throw failure
}

/** A server without TLS, or a rule of pg_hba.conf for connections with or without TLS. */
function otherWayMayWork(error: unknown, tried: Encryption): boolean {
  if (sqlStateOf(error) === '28000') return true
  return tried !== false && error instanceof Error && /SSL/.test(error.message)
}

async function openOne(
  config: ConnectionConfig,
  { applicationName, signal, timeoutMs }: ConnectOptions,
  replication: boolean,
  host: Host,
  encryption: Encryption,
): Promise<Session> {
  signal.throwIfAborted()
  const user = config['database.user']
  const client = new Client({
    ...host,
    user,
    // A function, because the driver looks elsewhere if the password is empty.
    password: () => config['database.password']?.reveal() ?? '',
    database: config['database.dbname'],
    ssl: encryption,
    application_name: applicationName,
    keepAlive: config['database.tcpKeepAlive'],
    types: { getTypeParser: () => (text: string) => text },
    ...(replication ? { replication: 'database' } : {}),
  })
  const watch = watchClient(client, user, host)
  const abort = () => socketOf(client).destroy()
  let timedOut = false
  const limitMs = timeoutMs ?? DEFAULT_TIMEOUT_MS
  const timer = setTimeout(() => {
    timedOut = true
    abort()
  }, limitMs)
  signal.addEventListener('abort', abort)
  try {
    await client.connect()
    await client.query(sessionSettings)
  } catch (error) {
    abort()
    throw timedOut ? new Error(`the server did not answer within ${limitMs} ms`, { cause: error }) : error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
  const { processID, secretKey } = client as unknown as CancelKey
  return {
    client,
    socket: socketOf(client),
    host,
    user,
    running: 0,
    processId: processID,
    secretKey,
    ...watch(),
  }
}

/** Ends the connection. Never rejects. The server has ended its process, or has been given up, when it resolves. */
export async function endSession(session: Session): Promise<void> {
  const deadline = setTimeout(() => session.socket.destroy(), END_TIMEOUT_MS)
  if (session.running > 0) await cancelStatement(session)
  void session.client.end().catch(() => undefined)
  await session.ended
  clearTimeout(deadline)
}

/** The socket of the connection, which TLS may have replaced. */
function socketOf(client: Client): Socket {
  return client.connection.stream as Socket
}

type Watched = Pick<Session, 'serverVersion' | 'ended' | 'failure' | 'endListeners'>

function watchClient(client: Client, user: string, host: Host): () => Watched {
  let serverVersion = 0
  let failure: ConnectError | undefined
  const endListeners: Session['endListeners'] = new Set()
  const doing = `use the connection to PostgreSQL at ${host.host}:${host.port}`
  client.connection.on('parameterStatus', (message: Readonly<Record<string, string>>) => {
    if (message['parameterName'] === 'server_version')
      serverVersion = parseInt(message['parameterValue'] ?? '', 10)
  })
  // FATAL: the server ends the connection after it, and the driver reports it to the statement that runs.
  client.connection.on('errorMessage', (error: Error & { readonly severity?: string }) => {
    if (error.severity === 'FATAL' || error.severity === 'PANIC')
      failure ??= asConnectError(error, doing, user)
  })
  client.on('error', (error) => {
    failure ??= asConnectError(error, doing, user)
  })
  const ended = new Promise<ConnectError | undefined>((resolve) => {
    client.on('end', () => {
      resolve(failure)
      for (const listener of endListeners) listener(failure)
    })
  })
  return () => ({ serverVersion, ended, endListeners, failure: () => failure })
}
