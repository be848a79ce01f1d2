import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { distributedProps, sharedKafka, startWorker } from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'

/** HEADRACE_TEST_LINES sets a larger number. */
const LINES = Number(process.env['HEADRACE_TEST_LINES'] ?? 200_000)

test('a file copied through Kafka is identical byte for byte', async (t) => {
  const worker = await startWorker(t, { props: distributedProps(await sharedKafka()) })
  const pipeline = filePipeline()
  pipeline.source.append(LINES)

  await pipeline.create(worker.rest)
  await pipeline.untilAllWritten()

  assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
})

test('a sink created before its topic gets the first lines soon, even with a long commit interval', async (t) => {
  const props = { ...distributedProps(await sharedKafka()), 'offset.flush.interval.ms': '3600000' }
  const { rest } = await startWorker(t, { props })
  const pipeline = filePipeline()
  await pipeline.create(rest)
  for (const name of pipeline.connectors) await rest.untilState(name, 'RUNNING')

  pipeline.source.append(10)
  await pipeline.untilAllWritten()

  assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
})

test('appended lines are copied, and a stopped worker resumes without duplicates', async (t) => {
  const props = distributedProps(await sharedKafka())
  const pipeline = filePipeline()
  const first = await startWorker(t, { props })
  pipeline.source.append(10_000)
  await pipeline.create(first.rest)
  await pipeline.untilAllWritten()

  await first.stop()
  pipeline.source.append(10_000)
  const second = await startWorker(t, { props })
  await pipeline.untilAllWritten()
  await second.rest.untilState(pipeline.connectors[1], 'RUNNING')

  assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
})

for (const compression of ['gzip', 'snappy', 'lz4', 'zstd']) {
  test(`records compressed with ${compression} arrive unchanged`, async (t) => {
    const worker = await startWorker(t, { props: distributedProps(await sharedKafka()) })
    const pipeline = filePipeline({ source: { 'producer.override.compression.type': compression } })
    pipeline.source.append(20_000)

    await pipeline.create(worker.rest)
    await pipeline.untilAllWritten()

    assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
  })
}
