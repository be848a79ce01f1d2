import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { waitFor, type Database } from '../services/index.ts'

/** Executes a `psql` command of a guide on a database. Returns whether it was one. */
export async function psql(command: string, database: Database, folder: string): Promise<boolean> {
  const [, file] = /^psql .* -f (\S+)$/.exec(command) ?? []
  const [, , sql] = /^psql .* -c (['"])(.*)\1$/.exec(command) ?? []
  if (file !== undefined) await database.query(await readFile(join(folder, file), 'utf8'))
  else if (sql === 'SHOW wal_level') assert.deepEqual(await database.query(sql), [{ wal_level: 'logical' }])
  else if (sql?.includes('pg_replication_slots') === true) await untilNoSlot(database)
  else if (sql !== undefined) await database.query(sql)
  else return false
  return true
}

async function untilNoSlot(database: Database): Promise<void> {
  const slots = 'SELECT slot_name FROM pg_replication_slots WHERE database = current_database()'
  const gone = async () => ((await database.query(slots)).length === 0 ? true : undefined)
  await waitFor(gone, { timeoutMs: 30_000, what: 'the slot to be dropped' })
}

/** The settings of the database of a test, without the login, which is that of the guide. */
export function placeOf({ props }: Database): Readonly<Record<string, string>> {
  const { 'database.user': _user, 'database.password': _password, ...place } = props
  return place
}
