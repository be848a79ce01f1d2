import { Client, escapeIdentifier, Pool, type QueryResult, type QueryResultRow } from 'pg'
import { uniqueName } from '../worker/props.ts'

/** A database of a test. */
export interface Database {
  readonly name: string
  /** The `database.*` settings of a connector. */
  readonly props: Readonly<Record<string, string>>
  /** Runs SQL; several statements separated by semicolons are one transaction. Resolves to the rows of the last. */
  query<Row extends QueryResultRow = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<Row[]>
  /** Opens another connection, for example for a transaction that stays open. The caller ends it. */
  connect(): Promise<Client>
  /** Disconnects all clients, and drops the replication slots of the database and the database itself. */
  drop(): Promise<void>
}

/** Creates a database, on the server with this URL; the name is unique by default. */
export async function createDatabaseOn(
  serverUrl: string,
  name: string = uniqueName('test').replace('-', '_'),
): Promise<Database> {
  await onServer(serverUrl, (root) => root.query(`CREATE DATABASE ${escapeIdentifier(name)}`))
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const pool = new Pool({ connectionString: url.href })
  pool.on('error', () => {}) // idle connections end when a test restarts the server
  return {
    name,
    props: connectorProps(url),
    query: async (sql, values) => rowsOf(await pool.query(sql, values?.slice())),
    async connect() {
      const client = new Client({ connectionString: url.href })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    async drop() {
      await pool.end()
      await onServer(serverUrl, (root) => dropDatabase(root, name))
    },
  }
}

function connectorProps(url: URL): Record<string, string> {
  return {
    'database.hostname': url.hostname,
    'database.port': url.port === '' ? '5432' : url.port,
    'database.user': decodeURIComponent(url.username),
    'database.password': decodeURIComponent(url.password),
    'database.dbname': url.pathname.slice(1),
  }
}

async function onServer(url: string, work: (root: Client) => Promise<unknown>): Promise<void> {
  const root = new Client({ connectionString: url })
  await root.connect()
  try {
    await work(root)
  } finally {
    await root.end()
  }
}

/** A slot holds on to its database; one that is in use belongs to a connector that is still running. */
async function dropDatabase(root: Client, name: string): Promise<void> {
  const ofDatabase = 'FROM pg_replication_slots WHERE database = $1'
  await root.query(`SELECT pg_terminate_backend(active_pid) ${ofDatabase} AND active`, [name])
  await root.query(`SELECT pg_drop_replication_slot(slot_name) ${ofDatabase} AND NOT active`, [name])
  await root.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`)
}

/** The result of several statements is a list, which the types of the driver omit. */
function rowsOf<Row extends QueryResultRow>(result: QueryResult<Row>): Row[] {
  const last = Array.isArray(result) ? (result as QueryResult<Row>[]).at(-1) : result
  return last?.rows ?? []
}
