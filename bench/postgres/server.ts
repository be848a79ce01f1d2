import {
  createDatabaseOn,
  POSTGRES_URL,
  startPostgres,
  type Database,
} from '../../integration-tests/services/index.ts'

/** The settings of a server that is in use: unlike that of the tests, it waits for the disk. */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '512MB',
  max_wal_size: '8GB',
  logical_decoding_work_mem: '64MB',
  max_wal_senders: '20',
  max_connections: '100',
}

/** A database for the measurements. */
export interface BenchDatabase {
  readonly database: Database
  /** Drops the database, and stops the server if it was started for it. */
  close(): Promise<void>
}

/** Creates a database on the server of `PG_URL`, or on one that it starts. */
export async function openDatabase(report: (text: string) => void): Promise<BenchDatabase> {
  const given = process.env[POSTGRES_URL]
  if (given !== undefined && given !== '') {
    const database = await createDatabaseOn(given)
    return { database, close: () => database.drop() }
  }
  const server = await startPostgres({ settings, report })
  const database = await createDatabaseOn(server.url)
  return {
    database,
    async close() {
      await database.drop()
      await server.stop()
    },
  }
}
