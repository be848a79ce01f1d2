/** A PostgreSQL server of the tests. It can be stopped and killed. */
export interface PostgresServer {
  /** The address of the database `postgres`, with the superuser and its password; the same after a restart. */
  readonly url: string
  /**
   * Shuts the server down. `fast` disconnects all clients and waits until the WAL senders have sent everything;
   * `immediate` aborts all processes, so that the next start recovers from the WAL.
   */
  stop(mode?: ShutdownMode): Promise<void>
  /** Kills the server like `kill -9`. */
  kill(): Promise<void>
  /** Starts the stopped server with its data. Resolves once it accepts connections. */
  start(): Promise<void>
}

export type ShutdownMode = 'fast' | 'immediate'

export interface PostgresOptions {
  /** Additional settings of postgresql.conf, such as max_slot_wal_keep_size. */
  readonly settings?: Readonly<Record<string, string>>
  /** Called before a step that takes time, with its description. */
  readonly report?: (text: string) => void
}

export const SUPERUSER = 'postgres'
export const PASSWORD = 'postgres-of-tests'

/** The log line of a server that accepts connections. */
export const READY = /database system is ready to accept connections/

export const START_TIMEOUT_MS = 120_000

/** Returns the settings of a test server. It gives up durability in a crash of the machine for speed. */
export function serverSettings(options: PostgresOptions): Record<string, string> {
  return {
    wal_level: 'logical',
    max_replication_slots: '40',
    max_wal_senders: '40',
    max_connections: '200',
    fsync: 'off',
    timezone: 'UTC',
    lc_messages: 'C',
    log_min_messages: 'warning',
    ...options.settings,
  }
}

export function serverUrl(host: string, port: number): string {
  return `postgres://${SUPERUSER}:${PASSWORD}@${host}:${port}/postgres`
}
