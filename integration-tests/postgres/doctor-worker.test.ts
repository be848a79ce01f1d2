import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, beforeEach, test } from 'node:test'
import type { Finding } from '../../api/index.ts'
import { headrace } from '../cli/command-line.ts'
import {
  createDatabase,
  distributedProps,
  launchWorker,
  sharedKafka,
  uniqueName,
  waitFor,
  workFolder,
  type Database,
} from '../services/index.ts'
import { idsOf, only } from './doctor.ts'

const worker = await launchWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())
const { rest } = worker
const folder = workFolder('postgres-doctor')

let database: Database
let name: string

beforeEach(async () => {
  database = await createDatabase()
  name = uniqueName('orders')
  await database.query('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)')
})
afterEach(async () => {
  if ((await rest.status(name)) !== undefined) await rest.delete(name)
  await database.drop()
})

const settings = (more: Readonly<Record<string, string>> = {}) => ({
  name,
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  ...database.props,
  'topic.prefix': name,
  'slot.name': database.name,
  'publication.name': database.name,
  'publication.autocreate.mode': 'filtered',
  'table.include.list': String.raw`public\.t`,
  ...more,
})

interface Diagnosis {
  readonly findings: readonly Finding[]
}

const slots = () => database.query('SELECT FROM pg_replication_slots WHERE slot_name = $1', [database.name])
const publications = () => database.query('SELECT FROM pg_publication')

async function untilStreaming(): Promise<void> {
  await rest.untilState(name, 'RUNNING')
  // a slot that is being created is active, too
  const streams = async () => {
    const found = await database.query(
      `SELECT FROM pg_replication_slots s JOIN pg_stat_replication r ON r.pid = s.active_pid
        WHERE s.slot_name = $1 AND r.state = 'streaming'`,
      [database.name],
    )
    return found.length > 0 ? true : undefined
  }
  await waitFor(streams, { timeoutMs: 60_000, what: 'the connector to stream' })
}

async function untilOffset(): Promise<void> {
  await waitFor(
    async () => {
      const { body } = await rest.get<{ offsets?: unknown[] }>(`/connectors/${name}/offsets`)
      return (body.offsets?.length ?? 0) > 0 ? true : undefined
    },
    { timeoutMs: 60_000, what: 'an offset to be stored' },
  )
}

test('the doctor reports problems before the connector is created, on the command line and with REST', async () => {
  await database.query('CREATE TABLE keyless (id int)')
  const all = settings({ 'publication.autocreate.mode': 'all_tables' })
  const { status, body } = await rest.request<Diagnosis>('PUT', '/headrace/doctor', all)
  assert.equal(status, 200)
  assert.match(only(body.findings, 'publication-makes-unwritable').message, /public\.keyless/)
  const file = join(folder, `${name}.json`)
  await writeFile(file, JSON.stringify(all))
  const env = { HEADRACE_URL: rest.url }
  const bad = await headrace(['doctor', file], { env })
  assert.notEqual(bad.code, 0)
  assert.match(bad.stdout, /publication-makes-unwritable[^]*REPLICA IDENTITY FULL;/)
  await writeFile(file, JSON.stringify(settings()))
  const good = await headrace(['doctor', file], { env })
  assert.equal(good.code, 0, good.stdout)
  assert.deepEqual(await slots(), [])
  assert.deepEqual(await publications(), [])
})

test('a server that refuses the password is reported without it', async () => {
  const { body } = await rest.request<Diagnosis>('PUT', '/headrace/doctor', {
    ...settings(),
    'database.password': 'xyz-wrong',
  })
  assert.deepEqual(idsOf(body.findings), ['config'])
  assert.match(body.findings[0]?.message ?? '', /password authentication failed/)
  assert.doesNotMatch(JSON.stringify(body), /xyz-wrong/)
})

test('a running connector is healthy; another one with its slot is told who uses it', async () => {
  await rest.put(name, settings())
  await untilStreaming()
  await untilOffset()
  const own = await rest.get<Diagnosis>(`/headrace/connectors/${name}/doctor`)
  assert.deepEqual(
    own.body.findings.filter(({ severity }) => severity === 'error'),
    [],
  )
  assert.match(only(own.body.findings, 'slot-ready').message, /is in use, has confirmed/)
  const other = { ...settings(), name: `${name}-2` }
  const { body } = await rest.request<Diagnosis>('PUT', '/headrace/doctor', other)
  assert.match(only(body.findings, 'slot-in-use').message, new RegExp(`"headrace ${name}"`))
})

test('a deleted connector leaves its slot and publication, and says so, or drops them', async () => {
  await rest.put(name, settings())
  await untilStreaming()
  await rest.delete(name)
  await waitFor(() => Promise.resolve(worker.log().includes('pg_drop_replication_slot') || undefined), {
    timeoutMs: 30_000,
    what: 'the log to tell of the slot',
  })
  assert.equal((await slots()).length, 1)
  await rest.put(name, settings({ 'headrace.slot.drop.on.delete': 'true' }))
  await untilStreaming()
  await rest.delete(name)
  await waitFor(async () => ((await publications()).length === 0 ? true : undefined), {
    timeoutMs: 30_000,
    what: 'the publication to be dropped',
  })
  assert.deepEqual(await slots(), [])
})

test('slot.drop.on.stop drops the slot when the connector stops', async () => {
  await rest.put(name, settings({ 'slot.drop.on.stop': 'true' }))
  await untilStreaming()
  assert.equal((await rest.request('PUT', `/connectors/${name}/stop`)).status, 204)
  await waitFor(async () => ((await slots()).length === 0 ? true : undefined), {
    timeoutMs: 30_000,
    what: 'the slot to be dropped',
  })
  assert.equal((await publications()).length, 1)
})

test('offsets can be changed to valid ones only, and deleted', async () => {
  await rest.put(name, settings())
  await untilStreaming()
  await untilOffset()
  await rest.request('PUT', `/connectors/${name}/stop`)
  await waitFor(async () => ((await rest.status(name))?.connector.state === 'STOPPED' ? true : undefined), {
    timeoutMs: 30_000,
    what: 'the connector to stop',
  })
  const patch = (partition: unknown, offset: unknown) =>
    rest.request<{ message: string }>('PATCH', `/connectors/${name}/offsets`, {
      offsets: [{ partition, offset }],
    })
  const wrong = await patch({ server: 'other' }, { lsn: 5 })
  assert.match(wrong.body.message, /expected the partition/)
  assert.match((await patch({ server: name }, { position: 5 })).body.message, /expected the key lsn/)
  assert.equal((await patch({ server: name }, { lsn: 5, lsn_proc: 5, lsn_commit: 5 })).status, 200)
  const { body } = await rest.get<Diagnosis>(`/headrace/connectors/${name}/doctor`)
  only(body.findings, 'offset-unavailable')
  assert.equal((await rest.request('DELETE', `/connectors/${name}/offsets`)).status, 200)
  const reset = await rest.get<Diagnosis>(`/headrace/connectors/${name}/doctor`)
  assert.ok(!idsOf(reset.body.findings).includes('offset-unavailable'))
})
