import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createDatabase } from '../services/index.ts'
import { placeOf, psql } from './psql.ts'
import { runGuide, untilShown } from './run-guide.ts'

/** The operations of the events in a file, one line each; `-` for a tombstone. */
async function operationsIn(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as { op: string } | null)?.op ?? '-').join('')
}

/** What `cat events.txt` shows, one after the other. */
const expected = ['rr', 'rrud-', 'rrud-c']

test('the commands of the guide capture the changes of a table, survive a stop, and leave nothing behind', async (t) => {
  const database = await createDatabase()
  t.after(() => database.drop())
  let shown = 0
  await runGuide(t, {
    page: 'docs/guides/postgres-to-kafka.md',
    names: ['shop', 'cdc', 'events'],
    settings: (text) => (text.includes('database.hostname') ? placeOf(database) : {}),
    async execute(command, { folder }) {
      if (await psql(command.text, database, folder)) return
      assert.equal(command.text, 'cat events.txt')
      const operations = expected[shown++] ?? assert.fail('an unexpected look at the events')
      await untilShown(command, () => operationsIn(join(folder, 'events.txt')), operations)
    },
  })
  assert.equal(shown, expected.length)
  assert.deepEqual(await database.query('SELECT pubname FROM pg_publication'), [])
})
