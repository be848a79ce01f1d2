import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distributedProps, startKafka, startWorker, untilReplicated } from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'
import { arrivalOf } from './line-file.ts'

const LINES = 20_000
const BROKERS = 3

test('no line is lost while each of three brokers is killed in turn, and leaders and coordinators move', async (t) => {
  const kafka = await startKafka({ brokers: BROKERS })
  t.after(() => kafka.stop())
  const props = distributedProps(kafka.bootstrapServers, { replicas: BROKERS })
  const worker = await startWorker(t, { props })
  const source = {
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': String(BROKERS),
  }
  const pipeline = filePipeline({ source })
  await pipeline.create(worker.rest)
  const feeder = setInterval(() => pipeline.source.append(100), 20)
  t.after(() => clearInterval(feeder))
  pipeline.source.append(LINES)
  await pipeline.untilAllWritten()

  for (const broker of kafka.brokers) {
    await untilReplicated(kafka, pipeline.topic)
    await broker.kill()
    pipeline.source.append(LINES)
    await pipeline.untilAllWritten()
    await broker.start()
  }

  clearInterval(feeder)
  await pipeline.untilLastLine()
  for (const name of pipeline.connectors) await worker.rest.untilState(name, 'RUNNING')
  await worker.stop()
  const { stepsBack, ...rest } = arrivalOf(pipeline.sinkFile, pipeline.source)
  assert.deepEqual(rest, { missing: 0, damaged: [], gaps: [] })
  t.diagnostic(`lines were repeated from ${stepsBack} positions`)
})
