import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { sharedKafka, startKafkaProxy, waitFor } from '../services/index.ts'

/** Calls a broker by its address among the bootstrap servers, and then by its node id. */
async function connectionsAfterCalls(t: TestContext, host: string): Promise<void> {
  const proxy = await startKafkaProxy(await sharedKafka())
  const servers = proxy.bootstrapServers.replaceAll('127.0.0.1', host)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  t.after(async () => {
    await client.close()
    await proxy.close()
  })
  await client.refresh([])
  await client.withController('find the controller', async () => {})
  await new TopicAdmin(client).existing(['missing'], { timeoutMs: 10_000 })
  await waitFor(() => (proxy.connections === client.brokerCount ? true : undefined), {
    timeoutMs: 10_000,
    what: () => `one connection for each of ${client.brokerCount} brokers; there are ${proxy.connections}`,
  })
  assert.equal(proxy.connections, client.brokerCount)
}

test('a client has one connection to a broker that it knows by its bootstrap address', (t) =>
  connectionsAfterCalls(t, '127.0.0.1'))

test('a client closes the connection to a bootstrap address that no broker advertises', (t) =>
  connectionsAfterCalls(t, 'localhost'))
