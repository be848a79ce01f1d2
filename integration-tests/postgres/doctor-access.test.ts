import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, suite, test } from 'node:test'
import { Secret } from '../../api/index.ts'
import { diagnosePostgres } from '../../connectors/postgres/diagnosis/diagnose.ts'
import { usualThresholds } from '../../connectors/postgres/diagnosis/inspection.ts'
import { connect } from '../../connectors/postgres/connection/database.ts'
import { connectReplication } from '../../connectors/postgres/connection/replication.ts'
import { silent } from '../../testing/context.ts'
import {
  createDatabase,
  createDatabaseOn,
  startPostgres,
  type Database,
  type PostgresServer,
} from '../services/index.ts'
import { assertRemedied, diagnose, idsOf, only } from './doctor.ts'

let database: Database
/** Roles belong to the server; the name of the database is unique. */
let role: string
let asRole: Database

beforeEach(async () => {
  database = await createDatabase()
  role = `${database.name}_role`
  await database.query(`CREATE ROLE ${role} LOGIN REPLICATION PASSWORD 'xyz-123'`)
  await database.query('CREATE TABLE t (id int PRIMARY KEY)')
  const login = { 'database.user': role, 'database.password': 'xyz-123' }
  asRole = { ...database, props: { ...database.props, ...login } }
})
afterEach(async () => {
  await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  await database.drop()
})

const filtered = { 'publication.autocreate.mode': 'filtered', 'table.include.list': String.raw`public\.t.*` }

suite('a role', () => {
  test('may not open replication connections, and sees nothing of others', async () => {
    await database.query(`ALTER ROLE ${role} NOREPLICATION`)
    await assertRemedied(asRole, 'role-replication')
    await assertRemedied(asRole, 'limited-view')
  })

  test('may not create a publication for all tables, nor any other', async () => {
    await assertRemedied(asRole, 'database-create')
    await assertRemedied(asRole, 'publication-needs-superuser')
  })

  test('does not own captured tables or the publication', async () => {
    await database.query(`GRANT CREATE ON DATABASE ${database.name} TO ${role}`)
    await assertRemedied(asRole, 'table-ownership', filtered)
    await database.query('CREATE TABLE t2 (id int PRIMARY KEY)')
    await assertRemedied(asRole, 'publication-ownership', filtered)
    assert.ok(!idsOf(await diagnose(asRole, filtered)).includes('table-ownership'))
  })

  test('may not read captured tables', async () => {
    await database.query(
      'CREATE SCHEMA "Hidden"; CREATE TABLE "Hidden"."T" (id int PRIMARY KEY, secret text)',
    )
    const noData = { 'snapshot.mode': 'no_data' }
    assert.equal(only(await diagnose(asRole, noData), 'table-select').severity, 'warning')
    assert.equal((await assertRemedied(asRole, 'table-select')).severity, 'error')
    await assertRemedied(asRole, 'schema-usage')
    await database.query(
      `REVOKE SELECT ON "Hidden"."T" FROM ${role}; GRANT SELECT (id) ON "Hidden"."T" TO ${role}`,
    )
    const withoutSecret = { 'column.exclude.list': String.raw`Hidden\.T\.secret` }
    assert.ok(idsOf(await diagnose(asRole)).includes('table-select'))
    assert.ok(!idsOf(await diagnose(asRole, withoutSecret)).includes('table-select'))
  })

  test('does not see rows that policies hide', async () => {
    await database.query(`GRANT SELECT ON t TO ${role}; ALTER TABLE t ENABLE ROW LEVEL SECURITY`)
    await assertRemedied(asRole, 'row-security')
  })

  test('may open too few connections', async () => {
    await database.query(`ALTER ROLE ${role} CONNECTION LIMIT 2`)
    await assertRemedied(asRole, 'role-connection-limit')
  })

  test('of initial statements counts for privileges, and these statements write nothing', async () => {
    await database.query(`ALTER ROLE ${role} NOINHERIT; GRANT postgres TO ${role}`)
    const acting = { 'database.initial.statements': 'SET ROLE postgres' }
    assert.ok(idsOf(await diagnose(asRole)).includes('table-select'))
    assert.ok(!idsOf(await diagnose(asRole, acting)).includes('table-select'))
    const writing = { 'database.initial.statements': 'CREATE TABLE t5 (id int)' }
    assert.ok(idsOf(await diagnose(database, writing)).length > 0)
    assert.deepEqual(await database.query(`SELECT FROM pg_class WHERE relname = 't5'`), [])
    const wrong = { 'database.initial.statements': 'SELEC 1' }
    assert.deepEqual(idsOf(await diagnose(database, wrong)), ['initial-statements'])
  })
})

suite('a connection', () => {
  test('is refused; nothing else is reported then', async () => {
    for (const [settings, id] of [
      [{ 'database.password': 'wrong' }, 'authentication'],
      [{ 'database.dbname': 'nowhere' }, 'database-missing'],
      [{ 'database.port': '9' }, 'server-unreachable'],
    ] as const) {
      const findings = await diagnose(asRole, settings)
      assert.deepEqual(idsOf(findings), [id])
      assert.doesNotMatch(JSON.stringify(findings), /xyz-123|"wrong/)
    }
  })

  test('that is too slow ends the diagnosis with what was found', async () => {
    const context = {
      log: silent,
      signal: AbortSignal.abort(),
      exists: false,
      lastOffsets: () => Promise.resolve([]),
    }
    const findings = await diagnosePostgres({ ...database.props, 'topic.prefix': 'shop' }, context)
    assert.deepEqual(idsOf(findings), ['diagnosis-incomplete'])
  })
})

suite('another server', () => {
  let server: PostgresServer
  let other: Database
  before(async () => {
    server = await startPostgres()
    other = await createDatabaseOn(server.url)
  })
  after(async () => {
    await other.drop()
    await server.stop('immediate')
  })

  test('behind the same address is reported', async () => {
    const context = {
      log: silent,
      signal: AbortSignal.timeout(30_000),
      exists: false,
      lastOffsets: () => Promise.resolve([undefined]),
    }
    const { 'database.port': port = '', 'database.password': password = '' } = other.props
    const findings = await diagnosePostgres(
      { ...database.props, 'topic.prefix': 'shop' },
      context,
      usualThresholds,
      {
        connect: (config, options) => connect(config, options),
        connectReplication: (config, options) =>
          connectReplication(
            {
              ...config,
              'database.port': Number(port),
              'database.dbname': other.name,
              'database.password': new Secret(password),
            },
            options,
          ),
      },
    )
    assert.match(only(findings, 'several-servers').message, /connection pooler/)
  })
})
