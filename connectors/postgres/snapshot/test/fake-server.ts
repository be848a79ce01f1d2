import { ConnectError } from '../../../../api/index.ts'
import { emptyRow } from '../../connection/copy-rows.ts'
import { serverErrorFrom } from '../../connection/failures.ts'
import type { Database, RowConsumer, Table } from '../../ports.ts'

/** A table of one column, `id`. */
export interface FakeTable {
  readonly name: string
  /** Values of the rows, by block. */
  readonly blocks: readonly (readonly string[])[]
  readonly rewritten?: boolean
  readonly hidesRows?: boolean
}

export interface FakeConnection extends Database {
  readonly number: number
  readonly statements: string[]
  closed: boolean
  /** Ends the connection as a lost network does. */
  lose(): void
}

export const MB = 1024 * 1024
type TextRow = Record<string, string | null>

/** A server with gates: `beforeRow` decides when a row arrives, or what happens instead. */
export class FakeServer {
  readonly connections: FakeConnection[] = []
  /** Statements of all connections: the number of the connection, and the statement. */
  readonly statements: string[] = []
  readonly #tables: readonly FakeTable[]
  version = 150_000
  inRecovery = false
  /** What each connection says about its server. */
  identity: (connection: number) => string = () => 'server 1'
  /** Called before a row is passed on; a promise delays it. */
  beforeRow: (value: string, connection: FakeConnection) => void | Promise<void> = () => undefined
  /** Called before a statement; may throw. */
  beforeStatement: (sql: string, connection: FakeConnection) => void = () => undefined

  constructor(tables: readonly FakeTable[]) {
    this.#tables = tables
  }

  get tables(): readonly Table[] {
    return this.#tables.map(({ name }, index) => tableOf(name, index + 1))
  }

  readonly open = (): Promise<Database> => {
    const connection = this.#connection(this.connections.length)
    this.connections.push(connection)
    return Promise.resolve(connection)
  }

  get allClosed(): boolean {
    return this.connections.every(({ closed }) => closed)
  }

  #connection(number: number): FakeConnection {
    let end: (error?: Error) => void = () => undefined
    const ended = new Promise<Error | undefined>((resolve) => {
      end = resolve
    })
    const lost = rejectable()
    const connection: FakeConnection = {
      number,
      processId: number,
      statements: [],
      closed: false,
      ended,
      query: async (sql, values) => {
        if (connection.closed) throw lostConnection()
        this.statements.push(`${number}: ${sql}`)
        connection.statements.push(sql)
        this.beforeStatement(sql, connection)
        return Promise.resolve(this.#answer(sql, number, values))
      },
      copyOut: (sql, columns, consumer, signal) => {
        this.statements.push(`${number}: ${sql}`)
        connection.statements.push(sql)
        const aborted = rejectable()
        signal.addEventListener('abort', () => aborted.reject(signal.reason as Error))
        return Promise.race([this.#copy(sql, columns, consumer, connection), lost.promise, aborted.promise])
      },
      lose: () => {
        connection.closed = true
        lost.reject(lostConnection())
        end(lostConnection())
      },
      close: () => {
        connection.closed = true
        lost.reject(lostConnection())
        end()
        return Promise.resolve()
      },
    }
    return connection
  }

  async #copy(
    sql: string,
    columns: number,
    consumer: RowConsumer,
    connection: FakeConnection,
  ): Promise<number> {
    this.beforeStatement(sql, connection)
    const [, from = ''] = /FROM "public"\."(\w+)"/.exec(sql) ?? []
    const first = Number(/ctid >= '\((\d+),/.exec(sql)?.[1] ?? 0)
    const end = Number(/ctid < '\((\d+),/.exec(sql)?.[1] ?? Infinity)
    const table = this.#tables.find(({ name }) => name === from)
    const values = table?.blocks.slice(first, end).flat() ?? []
    const row = emptyRow(columns)
    for (const value of values) {
      await this.beforeRow(value, connection)
      if (connection.closed) throw lostConnection()
      row.bytes = Buffer.from(value)
      row.starts[0] = 0
      row.ends[0] = row.bytes.length
      consumer.row(row)
      await consumer.endOfChunk()
    }
    return values.length
  }

  #answer(sql: string, number: number, values: readonly unknown[] | undefined): TextRow[] {
    if (sql.includes('pg_postmaster_start_time')) return [{ server: this.identity(number) }]
    if (sql.includes('pg_last_wal_replay_lsn')) {
      const inRecovery = String(this.inRecovery)
      return [{ lsn: '0/64', tx_id: '7', in_recovery: inRecovery, version: String(this.version) }]
    }
    if (sql.includes('transaction_timestamp')) return [{ time: '1000000' }]
    if (sql.includes('pg_export_snapshot')) return [{ name: 'exported by 0' }]
    if (sql.includes('c.reltuples')) return this.#tables.map((table, index) => factsOf(table, index + 1))
    if (sql.includes('pg_relation_filenode')) return this.#relations(Number(values?.[0]))
    if (sql.includes('LEFT JOIN (SELECT')) return [{ id: null, extra: null }]
    return []
  }

  /** A block counts as 2 MiB. */
  #relations(oid: number): TextRow[] {
    const table = this.#tables[oid - 1]
    if (table === undefined) return []
    return [
      {
        schema: 'public',
        name: table.name,
        method: 'heap',
        size: String(table.blocks.length * 2 * MB),
        block_size: String(2 * MB),
        rewritten: String(table.rewritten === true),
        readable: 'true',
        parent: 'false',
      },
    ]
  }
}

function factsOf(table: FakeTable, oid: number): TextRow {
  return {
    oid: String(oid),
    rows: '-1',
    size: String(table.blocks.length * 2 * MB),
    hides_rows: String(table.hidesRows === true),
    schema_usage: 'true',
    readable: null,
  }
}

export function tableOf(name: string, oid: number, kind: Table['kind'] = 'table'): Table {
  const id = {
    name: 'id',
    number: 1,
    typeOid: 23,
    typmod: -1,
    optional: false,
    defaultExpression: null,
    comment: null,
    generated: false,
  }
  return {
    schema: 'public',
    table: name,
    oid,
    columns: [id],
    primaryKey: ['id'],
    uniqueIndex: [],
    replicaIdentity: 'd',
    kind,
  }
}

function rejectable(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise
  })
  promise.catch(() => undefined)
  return { promise, reject }
}

export function lostConnection(): ConnectError {
  return new ConnectError('HR_RETRIABLE', 'the connection was lost')
}

/** An error as the connection reports it. */
export function serverError(sqlState: string, message: string, retriable = false): ConnectError {
  const fields = Buffer.from(`SERROR\0VERROR\0C${sqlState}\0M${message}\0\0`)
  return new ConnectError(retriable ? 'HR_RETRIABLE' : 'HR_CONNECT', message, {
    cause: serverErrorFrom(fields, 0, fields.length),
  })
}
