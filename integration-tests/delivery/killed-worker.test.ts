import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { distributedProps, sharedKafka, startWorker } from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'
import { arrivalOf, sizeOf } from './line-file.ts'

/** HEADRACE_TEST_LINES sets a larger number. */
const LINES = Number(process.env['HEADRACE_TEST_LINES'] ?? 200_000)
const KILLS = 10
/** The group drops killed workers soon and does not wait for them, because their successors have other URLs. */
const SESSION_MS = '6000'

test('a worker killed at ten random moments neither loses nor corrupts a line', async (t) => {
  const sink = { 'consumer.override.session.timeout.ms': SESSION_MS }
  const props = {
    ...distributedProps(await sharedKafka()),
    'session.timeout.ms': SESSION_MS,
    'heartbeat.interval.ms': '2000',
    'scheduled.rebalance.max.delay.ms': '0',
  }
  const pipeline = filePipeline({ sink })
  const moments: number[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const worker = await startWorker(t, { props })
    if (kill === 0) await pipeline.create(worker.rest)
    const before = sizeOf(pipeline.source.path)
    pipeline.source.append(LINES / KILLS)
    const moment = randomInt(before, sizeOf(pipeline.source.path))
    moments.push(moment)
    await pipeline.untilWritten(moment)
    await worker.kill()
  }
  t.diagnostic(`bytes written at each kill: ${moments.join(', ')}`)

  const last = await startWorker(t, { props })
  for (const name of pipeline.connectors) await last.rest.untilState(name, 'RUNNING')
  // A line that none of the previous workers can have delivered
  pipeline.source.append(1)
  await pipeline.untilLastLine()
  await last.stop()

  const { stepsBack, ...rest } = arrivalOf(pipeline.sinkFile, pipeline.source)
  assert.deepEqual(rest, { missing: 0, damaged: [], gaps: [] })
  // Source and sink may both repeat what they had not committed before the kill
  assert.ok(stepsBack <= 2 * KILLS, `lines were repeated from ${stepsBack} positions`)
})
