import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { fastify } from 'fastify'
import type { Herder, PeerRequest } from '../../../runtime/index.ts'
import type { RouteParts } from '../../api.ts'
import { progressRoutes } from '../progress.ts'

const instance = { state: 'UNASSIGNED', trace: null, version: null, since: 0, restarts: 0 }
const blocked = { since: 7, reason: 'start() has not returned' }

/** The routes on worker a:1, with connector `c` on `workerId` and nothing else. */
function routesWith(
  workerId: string,
  blockedHere: Record<string, unknown>,
  peerAnswer: unknown = {},
  snapshots: readonly unknown[] = [],
) {
  const herder = {
    workerId: 'a:1',
    url: 'http://a:1/',
    connectors: () => ['c'],
    info: async () => ({}),
    status: () => ({ name: 'c', type: 'source', connector: { ...instance, workerId }, tasks: [] }),
    targetState: () => 'STARTED',
    snapshots: () => snapshots,
    blockedConnectors: () => new Map(Object.entries(blockedHere)),
  } as unknown as Herder
  const asked: string[] = []
  const request = async ({ url }: PeerRequest) => {
    asked.push(url)
    return { status: 200, body: peerAnswer }
  }
  const api = fastify({
    ajv: { customOptions: { keywords: ['x-parameter'] } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  progressRoutes(api, { herder, peers: { request } } as unknown as RouteParts)
  const get = async (url: string) => (await api.inject({ url })).json() as Record<string, unknown>
  return { get, asked }
}

test('a connector without tasks whose start does not return is blocked', async () => {
  const { get } = routesWith('a:1', { c: blocked })
  const progress = await get('/headrace/connectors/c')
  assert.deepEqual([progress['state'], progress['blocked']], ['UNASSIGNED', blocked])
})

test('a blocked connector without tasks is among those of its worker', async () => {
  const { get } = routesWith('a:1', { c: blocked })
  const { c } = (await get('/headrace/connectors?scope=worker')) as { c: Record<string, unknown> }
  assert.deepEqual(c['blocked'], blocked)
})

test('a connector without tasks that is blocked on another worker is blocked', async () => {
  const { get, asked } = routesWith('b:2', {}, { c: { blocked, tasks: [] } })
  assert.deepEqual((await get('/headrace/connectors/c'))['blocked'], blocked)
  assert.deepEqual(asked, ['http://b:2/headrace/connectors?scope=worker'])
})

test('a task shows its metrics under their names, and a connector the totals of its tasks', async () => {
  const errors = {
    totalRecordFailures: 1,
    totalRecordErrors: 2,
    totalRecordsSkipped: 3,
    totalRetries: 4,
    totalErrorsLogged: 5,
    deadLetterQueueRequests: 6,
    deadLetterQueueFailures: 7,
    lastErrorAt: 8,
    lastError: null,
  }
  const counts = { recordsIn: 10, recordsOut: 11, recordsDropped: 12, bytesIn: 13, bytesOut: 14, lag: 15 }
  const snapshots = [0, 1].map((task) => ({
    id: { connector: 'c', task },
    pid: 1,
    metrics: { ...counts, blocked: null, progress: null, plugin: [], errors },
  }))
  const { get } = routesWith('a:1', {}, {}, snapshots)
  const { tasks, ...connector } = await get('/headrace/connectors/c')

  const { task, errors: failures, ...rest } = (tasks as Record<string, unknown>[])[1] ?? {}
  assert.equal(task, 1)
  const shown = { records_in: 10, records_out: 11, records_dropped: 12, bytes_in: 13, bytes_out: 14, lag: 15 }
  assert.deepEqual(pickFrom(rest, shown), shown)
  assert.deepEqual(failures, {
    total_record_failures: 1,
    total_record_errors: 2,
    total_records_skipped: 3,
    total_retries: 4,
    total_errors_logged: 5,
    deadletterqueue_produce_requests: 6,
    deadletterqueue_produce_failures: 7,
    last_error_timestamp: 8,
  })
  const doubled = Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, value * 2]))
  assert.deepEqual(pickFrom(connector, shown), doubled)
})

test('a task shows what it is retrying, and a connector that of its longest-suffering task', async () => {
  const retries = [
    { since: 20, attempt: 3, reason: 'the server is starting', nextAttemptAt: 40 },
    { since: 10, attempt: 9, reason: 'no route' },
  ]
  const snapshots = retries.map((retrying, task) => ({
    id: { connector: 'c', task },
    pid: 1,
    metrics: { blocked: null, retrying, progress: null, plugin: [] },
  }))
  const { get } = routesWith('a:1', {}, {}, snapshots)
  const { retrying, tasks } = await get('/headrace/connectors/c')
  const longest = { since: 10, attempt: 9, reason: 'no route', next_attempt_at: null }
  assert.deepEqual(retrying, longest)
  assert.deepEqual(
    (tasks as Record<string, unknown>[]).map((task) => task['retrying']),
    [{ since: 20, attempt: 3, reason: 'the server is starting', next_attempt_at: 40 }, longest],
  )
})

test('a task without a snapshot shows zeros, and its lag is unknown', async () => {
  const { get } = routesWith('a:1', {}, {}, [
    { id: { connector: 'c', task: 0 }, pid: -1, metrics: undefined },
  ])
  const { tasks, lag } = (await get('/headrace/connectors/c')) as {
    tasks: Record<string, unknown>[]
    lag: unknown
  }

  assert.deepEqual([tasks[0]?.['records_in'], tasks[0]?.['lag'], lag], [0, null, null])
})

const pickFrom = (body: Record<string, unknown>, wanted: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(wanted).map((key) => [key, body[key]]))
