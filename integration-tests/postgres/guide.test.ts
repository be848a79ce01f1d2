import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { parseProperties } from '../../config/index.ts'
import { filesOfPage } from '../../docs/guides/test/examples.ts'
import { commandLine, projectFolder } from '../services/project.ts'
import {
  createDatabase,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type Database,
} from '../services/index.ts'

const PAGE = 'docs/guides/postgres-to-kafka.md'
const run = promisify(execFile)

let database: Database
before(async () => {
  database = await createDatabase()
})
after(() => database.drop())

/** A command of the page, and its comment. */
interface Command {
  readonly text: string
  readonly comment: string
}

async function commandsOfPage(): Promise<Command[]> {
  const page = await readFile(join(projectFolder, PAGE), 'utf8')
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  return blocks
    .join('')
    .trim()
    .split('\n')
    .map((line) => /^(.*?)(?:\s{2,}# (.*))?$/.exec(line))
    .map((match) => ({ text: match?.[1] ?? '', comment: match?.[2] ?? '' }))
}

/** The operations of the events in a file, one line each; `-` for a tombstone. */
async function operationsIn(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as { op: string } | null)?.op ?? '-').join('')
}

async function untilNoSlot(): Promise<void> {
  const slots = 'SELECT slot_name FROM pg_replication_slots WHERE database = current_database()'
  const gone = async () => ((await database.query(slots)).length === 0 ? true : undefined)
  await waitFor(gone, { timeoutMs: 30_000, what: 'the slot to be dropped' })
}

/** What `cat events.txt` shows, one after the other. */
const expected = ['rr', 'rrud-', 'rrud-c']

test('the commands of the guide capture the changes of a table, survive a stop, and leave nothing behind', async (t) => {
  const folder = workFolder('guide')
  const own = uniqueName('guide').replaceAll('-', '_')
  const named = (text: string) =>
    text.replaceAll(/\b(shop|cdc|events)\b(?!\.(?:properties|txt))/g, `${own}_$1`)
  const files = await filesOfPage(PAGE)
  for (const name of ['setup.sql', 'shop.properties', 'events.properties']) {
    await writeFile(join(folder, name), named(files.get(name) ?? assert.fail(`the guide has no ${name}`)))
  }
  const { 'database.user': _user, 'database.password': _password, ...place } = database.props
  const settings = await readFile(join(folder, 'shop.properties'), 'utf8')
  const moved = Object.entries(place).map(([key, value]) => `${key}=${value}`)
  await writeFile(join(folder, 'shop.properties'), [settings, ...moved].join('\n'))
  const text = (files.get('worker.properties') ?? '').replaceAll('headrace', own)
  const props = Object.fromEntries(parseProperties(text).map(({ key, value }) => [key, value]))
  const kafka = await sharedKafka(() => {})
  const worker = await startWorker(t, { props: { ...props, 'bootstrap.servers': kafka }, cwd: folder })
  const headrace = (args: string[]) =>
    run(process.execPath, [commandLine, ...args, '--url', worker.rest.url], { cwd: folder })
  let shown = 0

  for (const command of await commandsOfPage()) {
    const [, file] = /^psql .* -f (\S+)$/.exec(command.text) ?? []
    const [, , sql] = /^psql .* -c (['"])(.*)\1$/.exec(command.text) ?? []
    const [, line] = /^npx headrace (.*)$/.exec(command.text) ?? []
    if (file !== undefined) await database.query(await readFile(join(folder, file), 'utf8'))
    else if (sql === 'SHOW wal_level') assert.deepEqual(await database.query(sql), [{ wal_level: 'logical' }])
    else if (sql?.includes('pg_replication_slots') === true) await untilNoSlot()
    else if (sql !== undefined) await database.query(named(sql))
    else if (line === 'distributed worker.properties') continue
    else if (line !== undefined) await headrace(named(line).split(' '))
    else {
      assert.equal(command.text, 'cat events.txt')
      const operations = expected[shown++] ?? assert.fail('an unexpected look at the events')
      const arrived = async () =>
        (await operationsIn(join(folder, 'events.txt'))) === operations ? true : undefined
      await waitFor(arrived, { timeoutMs: 60_000, what: `${command.comment}: ${operations}` })
    }
  }

  assert.equal(shown, expected.length)
  assert.deepEqual(await database.query('SELECT pubname FROM pg_publication'), [])
})
