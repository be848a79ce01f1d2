import type { PostgresConfig } from '../config/definition.ts'

/** The settings of the connector that its connections use. */
export type ConnectionConfig = Pick<
  PostgresConfig,
  | 'database.hostname'
  | 'database.port'
  | 'database.user'
  | 'database.password'
  | 'database.dbname'
  | 'database.sslmode'
  | 'database.sslcert'
  | 'database.sslkey'
  | 'database.sslpassword'
  | 'database.sslrootcert'
  | 'database.sslfactory'
  | 'database.tcpKeepAlive'
  | 'database.query.timeout.ms'
  | 'database.initial.statements'
  | 'status.update.interval.ms'
>

/** What the caller decides about a connection. */
export interface ConnectOptions {
  /** Shown in pg_stat_activity and pg_stat_replication. */
  readonly applicationName: string
  /** Ends the attempt to connect. */
  readonly signal: AbortSignal
  /** How long each host may take, in milliseconds; 10 seconds by default, as pgjdbc. */
  readonly timeoutMs?: number
}

/** A host to try. */
export interface Host {
  readonly host: string
  readonly port: number
}

/**
 * The hosts of `database.hostname`: one, or several separated by commas, each with its own port if it has one. They are
 * tried in order, as by pgjdbc. A host that begins with a slash is a folder of Unix sockets.
 */
export function hostsOf(
  config: Pick<ConnectionConfig, 'database.hostname' | 'database.port'>,
): readonly Host[] {
  const hosts = config['database.hostname'].split(',').map((text) => text.trim())
  return hosts
    .filter((text) => text !== '')
    .map((text) => {
      const parts = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(text)
      const port = parts?.[3] === undefined ? config['database.port'] : Number(parts[3])
      return { host: parts?.[1] ?? parts?.[2] ?? text, port }
    })
}

/** The statements of `database.initial.statements`: separated by a semicolon; two of them are one in a statement. */
export function initialStatements(
  config: Pick<ConnectionConfig, 'database.initial.statements'>,
): readonly string[] {
  return (config['database.initial.statements'] ?? '')
    .split(/(?<!;);(?!;)/)
    .map((statement) => statement.replaceAll(';;', ';').trim())
    .filter((statement) => statement !== '')
}
