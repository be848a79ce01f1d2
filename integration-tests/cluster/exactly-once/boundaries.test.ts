import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { filePipeline } from '../../delivery/file-pipeline.ts'
import { distributedProps, sharedKafka, startWorker } from '../../services/index.ts'
import { followTopic } from './committed-lines.ts'

const LINES = 20_000

for (const boundary of ['poll', 'interval']) {
  test(`with boundaries by ${boundary}, a file arrives once, in order, and is resumed after a restart`, async (t) => {
    const bootstrap = await sharedKafka()
    const props = { ...distributedProps(bootstrap), 'exactly.once.source.support': 'enabled' }
    const pipeline = filePipeline({
      source: { 'transaction.boundary': boundary, 'transaction.boundary.interval.ms': '100' },
    })
    const { source, topic, connectors } = pipeline
    source.append(LINES)
    const first = await startWorker(t, { props })
    await first.rest.put(connectors[0], {
      'connector.class': 'FileStreamSource',
      'file': source.path,
      topic,
      'transaction.boundary': boundary,
      'transaction.boundary.interval.ms': '100',
    })
    const committed = await followTopic(bootstrap, topic)
    t.after(() => committed.close())
    await committed.untilComplete(LINES)
    await first.stop()
    source.append(LINES)
    const second = await startWorker(t, { props })
    await committed.untilComplete(2 * LINES)
    await second.stop()

    assert.equal(`${committed.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
  })
}
