import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { distributedProps, startKafka, startWorker } from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'
import { sizeOf } from './line-file.ts'

const LINES = 100_000
const OUTAGE_MS = 20_000
const RECOVERY_MS = 30_000

test('tasks continue after a broker outage of 20 s, without lost, duplicate or reordered lines', async (t) => {
  const kafka = await startKafka()
  t.after(() => kafka.stop())
  const [broker] = kafka.brokers
  assert.ok(broker !== undefined)
  const worker = await startWorker(t, { props: distributedProps(kafka.bootstrapServers) })
  const pipeline = filePipeline()
  await pipeline.create(worker.rest)
  pipeline.source.append(LINES)
  await pipeline.untilWritten(1)
  // Lines are appended all the time, so that both tasks are busy when the broker stops and while it is down
  const feeder = setInterval(() => pipeline.source.append(200), 50)
  t.after(() => clearInterval(feeder))
  await pipeline.untilWritten(sizeOf(pipeline.source.path) / 2)

  await broker.stop()
  await sleep(OUTAGE_MS)
  await broker.start()
  const back = performance.now()
  clearInterval(feeder)

  for (const name of pipeline.connectors) {
    await worker.rest.untilState(name, 'RUNNING', { timeoutMs: RECOVERY_MS - (performance.now() - back) })
  }
  await pipeline.untilAllWritten(RECOVERY_MS - (performance.now() - back))
  await worker.stop()
  assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
})
