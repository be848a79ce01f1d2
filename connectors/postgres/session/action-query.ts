import { ConnectError, messageOf, type Logger } from '../../../api/index.ts'
import { sqlStateOf } from '../connection/failures.ts'
import type { Database } from '../ports.ts'

export interface ActionQueryParts {
  /** `heartbeat.action.query` */
  readonly sql: string
  connect(): Promise<Database>
  /** Called with an error that ends the session. */
  failed(error: unknown): void
  readonly log: Logger
}

/** The server ends, or the table of the query does not exist. */
const PERMANENT = new Set(['57P01', '42P01'])
/** The server is starting up. */
const RETRIABLE = new Set(['57P03'])

/**
 * Runs `heartbeat.action.query` with each heartbeat, on a connection of its own. A heartbeat while the last query is running
 * runs none.
 *
 * Source: DatabaseHeartbeatImpl, PostgresConnectorTask.
 */
export class ActionQuery {
  readonly #parts: ActionQueryParts
  #database: Database | undefined
  #running = false
  #closed = false

  constructor(parts: ActionQueryParts) {
    this.#parts = parts
  }

  /** Starts the query, unless it is running. */
  run(): void {
    if (this.#running || this.#closed) return
    this.#running = true
    void this.#query().finally(() => {
      this.#running = false
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#database?.close()
  }

  async #query(): Promise<void> {
    const { sql, log, connect, failed } = this.#parts
    try {
      const database = (this.#database ??= await connect())
      if (this.#closed) await database.close()
      else await database.query(sql)
    } catch (error) {
      if (this.#closed) return
      const database = this.#database
      this.#database = undefined // the next heartbeat connects again
      await database?.close()
      const state = sqlStateOf(error) ?? ''
      if (RETRIABLE.has(state)) failed(error)
      else if (PERMANENT.has(state)) failed(broken(error))
      else log.warn('heartbeat.action.query failed', { reason: messageOf(error) })
    }
  }
}

function broken(cause: unknown): ConnectError {
  return new ConnectError('HR_CONNECT', `heartbeat.action.query failed: ${messageOf(cause)}`, { cause })
}
