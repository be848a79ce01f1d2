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
function routesWith(workerId: string, blockedHere: Record<string, unknown>, peerAnswer: unknown = {}) {
  const herder = {
    workerId: 'a:1',
    url: 'http://a:1/',
    connectors: () => ['c'],
    info: async () => ({}),
    status: () => ({ name: 'c', type: 'source', connector: { ...instance, workerId }, tasks: [] }),
    targetState: () => 'STARTED',
    snapshots: () => [],
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
