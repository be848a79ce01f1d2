import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../../telemetry/index.ts'
import { eventually, gate } from '../../timing/test/gate.ts'
import type { KafkaClient } from '../connection/client.ts'
import { KeptClients } from '../kept-clients.ts'
import { FakeCluster } from './fake-cluster.ts'

const PROPS = { 'client.id': 'admin', 'bootstrap.servers': 'localhost:9' }
const SAME = { 'bootstrap.servers': 'localhost:9', 'client.id': 'admin' }

class CountedClient extends FakeCluster {
  closes = 0
  override async close(): Promise<void> {
    this.closes++
  }
}

function keptClients(idleMs: number): { readonly kept: KeptClients; readonly opened: CountedClient[] } {
  const opened: CountedClient[] = []
  const open = async (): Promise<KafkaClient> => {
    const client = new CountedClient({ topics: {} })
    opened.push(client)
    return client
  }
  return { kept: new KeptClients(open, idleMs), opened }
}

const itself = async (client: KafkaClient) => client

test('callers with the same settings share a client, at the same time and one after the other', async () => {
  const { kept, opened } = keptClients(60_000)
  const [first, second] = await Promise.all(
    [PROPS, SAME].map((props) => kept.use(props, silentLogger, itself)),
  )
  const third = await kept.use(PROPS, silentLogger, itself)
  await kept.use({ ...PROPS, 'client.id': 'other' }, silentLogger, itself)

  assert.equal(second, first)
  assert.equal(third, first)
  assert.equal(opened.length, 2)
  assert.equal(opened[0]?.closes, 0)
})

test('a client that nobody uses for a while is closed, and the next caller gets another', async () => {
  const { kept, opened } = keptClients(1)
  await kept.use(PROPS, silentLogger, itself)
  await eventually(() => opened[0]?.closes === 1)
  await kept.use(PROPS, silentLogger, itself)

  assert.equal(opened.length, 2)
})

test('a client that is in use is not closed', async () => {
  const { kept, opened } = keptClients(1)
  const work = gate()
  const used = kept.use(PROPS, silentLogger, () => work.opened)
  await kept.use(PROPS, silentLogger, itself)
  await kept.use({ ...PROPS, 'client.id': 'other' }, silentLogger, itself)
  await eventually(() => opened[1]?.closes === 1)

  assert.equal(opened[0]?.closes, 0)
  work.open()
  await used
  await eventually(() => opened[0]?.closes === 1)
})

test('a failure is passed on, and the client is given up once its last user is done', async () => {
  const { kept, opened } = keptClients(60_000)
  const work = gate()
  const used = kept.use(PROPS, silentLogger, () => work.opened)
  await assert.rejects(
    kept.use(PROPS, silentLogger, () => Promise.reject(new Error('the broker is gone'))),
    /the broker is gone/,
  )
  assert.equal(opened[0]?.closes, 0)
  await kept.use(PROPS, silentLogger, itself)
  assert.equal(opened.length, 2)
  work.open()
  await used
  await eventually(() => opened[0]?.closes === 1)
})

test('settings that no client can be opened with are told to each caller', async () => {
  const kept = new KeptClients(() => Promise.reject(new Error('no such broker')), 1)

  await assert.rejects(kept.use(PROPS, silentLogger, itself), /no such broker/)
  await assert.rejects(kept.use(PROPS, silentLogger, itself), /no such broker/)
})
