import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../telemetry/index.ts'
import { eventually, gate } from '../../timing/test/gate.ts'
import type { KafkaClient } from '../connection/client.ts'
import { ClientCache } from '../client-cache.ts'
import { FakeCluster } from './fake-cluster.ts'

const PROPS = { 'client.id': 'admin', 'bootstrap.servers': 'localhost:9' }
const SAME = { 'bootstrap.servers': 'localhost:9', 'client.id': 'admin' }

class CountedClient extends FakeCluster {
  closes = 0
  override async close(): Promise<void> {
    this.closes++
  }
}

function openCache(idleMs: number): { readonly cache: ClientCache; readonly opened: CountedClient[] } {
  const opened: CountedClient[] = []
  const open = async (): Promise<KafkaClient> => {
    const client = new CountedClient({ topics: {} })
    opened.push(client)
    return client
  }
  return { cache: new ClientCache(open, idleMs), opened }
}

const itself = async (client: KafkaClient) => client

test('concurrent and consecutive callers with the same settings share a client', async () => {
  const { cache, opened } = openCache(60_000)
  const [first, second] = await Promise.all(
    [PROPS, SAME].map((props) => cache.use(props, silentLogger, itself)),
  )
  const third = await cache.use(PROPS, silentLogger, itself)
  await cache.use({ ...PROPS, 'client.id': 'other' }, silentLogger, itself)

  assert.equal(second, first)
  assert.equal(third, first)
  assert.equal(opened.length, 2)
  assert.equal(opened[0]?.closes, 0)
})

test('an idle client is closed after a while, and the next caller gets a new one', async () => {
  const { cache, opened } = openCache(1)
  await cache.use(PROPS, silentLogger, itself)
  await eventually(() => opened[0]?.closes === 1)
  await cache.use(PROPS, silentLogger, itself)

  assert.equal(opened.length, 2)
})

test('a client that is in use is not closed', async () => {
  const { cache, opened } = openCache(1)
  const work = gate()
  const used = cache.use(PROPS, silentLogger, () => work.opened)
  await cache.use(PROPS, silentLogger, itself)
  await cache.use({ ...PROPS, 'client.id': 'other' }, silentLogger, itself)
  await eventually(() => opened[1]?.closes === 1)

  assert.equal(opened[0]?.closes, 0)
  work.open()
  await used
  await eventually(() => opened[0]?.closes === 1)
})

test('a failure is passed on, and the client is closed after its last user', async () => {
  const { cache, opened } = openCache(60_000)
  const work = gate()
  const used = cache.use(PROPS, silentLogger, () => work.opened)
  await assert.rejects(
    cache.use(PROPS, silentLogger, () => Promise.reject(new Error('the broker is gone'))),
    /the broker is gone/,
  )
  assert.equal(opened[0]?.closes, 0)
  await cache.use(PROPS, silentLogger, itself)
  assert.equal(opened.length, 2)
  work.open()
  await used
  await eventually(() => opened[0]?.closes === 1)
})

test('invalid settings are an error for each caller', async () => {
  const cache = new ClientCache(() => Promise.reject(new Error('no such broker')), 1)

  await assert.rejects(cache.use(PROPS, silentLogger, itself), /no such broker/)
  await assert.rejects(cache.use(PROPS, silentLogger, itself), /no such broker/)
})
