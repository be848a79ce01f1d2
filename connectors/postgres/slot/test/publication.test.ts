import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dropOwnPublication, ensurePublication, type PublicationPlan } from '../publication.ts'
import { fakeQuery, recordingLog, serverError } from './fake-query.ts'

const plan: PublicationPlan = {
  name: 'My Pub',
  database: 'sales',
  mode: 'filtered',
  tables: [
    { schema: 'public', table: 'orders' },
    { schema: 'S Two', table: 'a"b' },
  ],
  skippedOperations: undefined,
  viaPartitionRoot: false,
  standby: false,
  timeoutMs: 90_000,
  connector: 'shop',
}
const logged = (names: readonly (readonly [string, string, string?])[]) =>
  names.map(([schema, table, isLogged = 't']) => ({ schema, table, logged: isLogged }))
const both = logged([
  ['public', 'orders'],
  ['S Two', 'a"b'],
])
const publication = (changes: Readonly<Record<string, string | null>> = {}) => [
  {
    all_tables: 'f',
    insert: 't',
    update: 't',
    delete: 't',
    truncate: 'true',
    via_root: 'false',
    comment: null,
    ...changes,
  },
]
const isThere = 'FROM pg_catalog.pg_publication p WHERE'

async function ensured(
  changes: Partial<PublicationPlan>,
  server: Parameters<typeof fakeQuery>[0] = {},
): Promise<{ changes: readonly string[]; lines: readonly string[] }> {
  const fake = fakeQuery({ json_to_recordset: both, ...server })
  const { log, lines } = recordingLog()
  await ensurePublication(fake.query, { ...plan, ...changes }, log)
  return { changes: fake.changes.filter((sql) => !sql.startsWith('COMMENT')), lines }
}

test('each mode creates what it needs, with quoted names', async () => {
  const filtered = 'CREATE PUBLICATION "My Pub" FOR TABLE "public"."orders", "S Two"."a""b"'
  assert.deepEqual((await ensured({})).changes, [filtered])
  assert.deepEqual((await ensured({ mode: 'all_tables' })).changes, [
    'CREATE PUBLICATION "My Pub" FOR ALL TABLES',
  ])
  assert.deepEqual((await ensured({ mode: 'no_tables' })).changes, ['CREATE PUBLICATION "My Pub"'])
  await assert.rejects(ensured({ mode: 'disabled' }), {
    code: 'HR_CONNECT',
    message: 'Publication autocreation is disabled, please create one and restart the connector.',
  })
})

test('operations that are skipped explicitly are not published', async () => {
  const created = async (changes: Partial<PublicationPlan>) =>
    (await ensured({ mode: 'no_tables', ...changes })).changes[0]?.replace('CREATE PUBLICATION "My Pub"', '')
  assert.equal(await created({ skippedOperations: ['t'] }), ` WITH (publish = 'insert, update, delete')`)
  assert.equal(
    await created({ skippedOperations: ['none'] }),
    ` WITH (publish = 'insert, update, delete, truncate')`,
  )
  assert.equal(await created({ skippedOperations: ['c', 'u', 'd', 't'] }), ` WITH (publish = '')`)
  assert.equal(
    await created({ skippedOperations: [' U'], viaPartitionRoot: true }),
    ` WITH (publish = 'insert, delete, truncate', publish_via_partition_root = true)`,
  )
  assert.equal(await created({ viaPartitionRoot: true }), ' WITH (publish_via_partition_root = true)')
})

test('an existing publication is used as it is, except by the mode filtered', async () => {
  for (const mode of ['disabled', 'all_tables', 'no_tables'] as const) {
    const { changes } = await ensured({ mode, skippedOperations: ['t'] }, { [isThere]: publication() })
    assert.deepEqual(changes, [])
  }
  await assert.rejects(ensured({}, { [isThere]: publication({ all_tables: 't' }) }), {
    code: 'HR_CONNECT',
    message:
      /^A logical publication for all tables named 'My Pub' for plugin 'PGOUTPUT' and database 'sales' is already active/,
    javaClass: 'io.debezium.DebeziumException',
  })
})

test('a filtered publication is set to the captured tables and operations if it differs', async () => {
  const set = 'ALTER PUBLICATION "My Pub" SET TABLE "public"."orders", "S Two"."a""b"'
  const other = { [isThere]: publication(), pg_publication_rel: logged([['public', 'orders']]) }
  assert.deepEqual((await ensured({}, other)).changes, [set])
  assert.deepEqual(
    (await ensured({}, { [isThere]: publication(), pg_publication_rel: serverError('42501') })).changes,
    [set],
  )
  const same = { [isThere]: publication(), pg_publication_rel: both.toReversed() }
  assert.deepEqual((await ensured({}, same)).changes, [])
  assert.deepEqual((await ensured({ skippedOperations: ['none'] }, same)).changes, [])
  assert.deepEqual((await ensured({ skippedOperations: ['t'] }, same)).changes, [
    `ALTER PUBLICATION "My Pub" SET (publish = 'insert, update, delete')`,
  ])
})

test('a publication of schemas or partitions is compared by the tables that it publishes', async () => {
  const { changes } = await ensured({}, { [isThere]: publication(), pg_publication_tables: both })
  assert.deepEqual(changes, [])
})

test('unlogged tables are left out, and a publication without a table is an error', async () => {
  const tables = logged([
    ['public', 'orders'],
    ['public', 'cache', 'f'],
  ])
  const { changes, lines } = await ensured({}, { json_to_recordset: tables })
  assert.deepEqual(changes, ['CREATE PUBLICATION "My Pub" FOR TABLE "public"."orders"'])
  assert.match(lines[0] ?? '', /^warn: .*unlogged.*public\.cache/)
  const none = { json_to_recordset: tables.slice(1) }
  await assert.rejects(ensured({}, none), (error: Error) => {
    assert.equal(error.message, 'Unable to create filtered publication My Pub for ')
    assert.match(String(error.cause), /No table filters found for filtered publication My Pub$/)
    return true
  })
  const kept = await ensured({}, { ...none, [isThere]: publication() })
  assert.deepEqual(kept.changes, [])
  assert.match(kept.lines.join(), /warn: .*kept as it is.*table\.include\.list/)
})

test('the log has the remedy of an error, whose text is that of Debezium', async () => {
  const { log, lines } = recordingLog()
  const disabled = ensurePublication(fakeQuery({}).query, { ...plan, mode: 'disabled' }, log)
  await assert.rejects(disabled)
  assert.match(lines.join(), /^error: The publication "My Pub" does not exist\. Create it, or set/)
})

test('a standby changes nothing, and says so', async () => {
  for (const server of [{}, { [isThere]: publication() }]) {
    const { changes, lines } = await ensured({ standby: true }, server)
    assert.deepEqual(changes, [])
    assert.match(lines.join(), /^warn: .*on the primary/)
  }
})

test('the change has a limit of time, which is restored', async () => {
  const statements: string[] = []
  const fake = fakeQuery({
    'SHOW statement_timeout': [{ statement_timeout: '1min' }],
    'CREATE': serverError('57014'),
  })
  const { log } = recordingLog()
  const query: typeof fake.query = (sql, values) => {
    statements.push(sql)
    return fake.query(sql, values)
  }
  await assert.rejects(ensurePublication(query, { ...plan, mode: 'all_tables' }, log), {
    code: 'HR_RETRIABLE',
    message: /within 90000 ms/,
  })
  assert.deepEqual(statements.slice(-4), [
    'SHOW statement_timeout',
    'SET statement_timeout = 90000',
    'CREATE PUBLICATION "My Pub" FOR ALL TABLES',
    `SET statement_timeout = '1min'`,
  ])
})

test('a publication that another connector creates at the same time is used', async () => {
  const answers = [[], publication({ all_tables: 't' })]
  const server = { [isThere]: () => answers.shift() ?? [], CREATE: serverError('42710') }
  const { changes } = await ensured({ mode: 'all_tables' }, server)
  assert.equal(changes.length, 1)
})

test('only a publication that the connector has created is dropped', async () => {
  const created = fakeQuery({})
  await ensurePublication(created.query, { ...plan, mode: 'all_tables' }, recordingLog().log)
  const comment = /IS '(.*)'$/.exec(created.changes.at(-1) ?? '')?.[1] ?? ''
  const own = fakeQuery({ [isThere]: publication({ comment }) })
  assert.equal(await dropOwnPublication(own.query, 'My Pub', 'other'), false)
  assert.deepEqual(own.changes, [])
  assert.equal(await dropOwnPublication(own.query, 'My Pub', 'shop'), true)
  assert.deepEqual(own.changes, ['DROP PUBLICATION IF EXISTS "My Pub"'])
  assert.equal(await dropOwnPublication(fakeQuery({}).query, 'My Pub', 'shop'), false)
})
