import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase, createDatabaseOn, startPostgres } from '../index.ts'

test('a database of the shared server is ready for logical replication, and goes with its slots', async () => {
  const database = await createDatabase()
  const [settings] = await database.query(`
    SELECT current_setting('wal_level') AS wal, current_setting('server_encoding') AS encoding`)
  assert.deepEqual(settings, { wal: 'logical', encoding: 'UTF8' })
  await database.query(`SELECT pg_create_logical_replication_slot('${database.name}', 'pgoutput')`)
  await database.drop()

  const other = await createDatabase()
  const named = await other.query('SELECT 1 FROM pg_replication_slots WHERE database = $1', [database.name])
  await other.drop()
  assert.deepEqual(named, [])
})

test('a server of a test has its own settings, and keeps its address and data through stops and kills', async () => {
  const server = await startPostgres({ settings: { max_slot_wal_keep_size: '4MB' } })
  const database = await createDatabaseOn(server.url)
  await database.query('CREATE TABLE kept AS SELECT 0 AS number')
  const endings = [() => server.stop('fast'), () => server.stop('immediate'), () => server.kill()]
  for (const [index, end] of endings.entries()) {
    await end()
    await server.start()
    await database.query('UPDATE kept SET number = number + 1')
    assert.deepEqual(await database.query('SELECT number FROM kept'), [{ number: index + 1 }])
  }
  const [size] = await database.query('SHOW max_slot_wal_keep_size')
  assert.deepEqual(size, { max_slot_wal_keep_size: '4MB' })
  await database.drop()
  await server.stop()
})
