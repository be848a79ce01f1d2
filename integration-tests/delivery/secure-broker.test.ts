import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  distributedProps,
  startKafka,
  startWorker,
  type KafkaCluster,
  type LoginMechanism,
} from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'

const LINES = 20_000
const mechanisms: readonly LoginMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

let kafka: KafkaCluster | undefined
test.before(async () => {
  kafka = await startKafka({ security: 'SASL_SSL' })
})
test.after(() => kafka?.stop())

for (const mechanism of mechanisms) {
  test(`worker, source and sink connect to a broker with TLS and ${mechanism}`, async (t) => {
    assert.ok(kafka !== undefined)
    const login = Object.entries(kafka.clientProps(mechanism))
    const forClients = ['', 'producer.', 'consumer.', 'admin.'].flatMap((prefix) =>
      login.map(([key, value]) => [prefix + key, value] as const),
    )
    const props = { ...distributedProps(kafka.bootstrapServers), ...Object.fromEntries(forClients) }
    const worker = await startWorker(t, { props })
    const pipeline = filePipeline()
    pipeline.source.append(LINES)

    await pipeline.create(worker.rest)
    await pipeline.untilAllWritten()

    assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
    assert.doesNotMatch(worker.log(), /test-password/)
  })
}
