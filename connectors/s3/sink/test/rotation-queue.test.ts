import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sinkTaskContext } from '../../../../testing/index.ts'
import { OpenBatch } from '../batch/open-batch.ts'
import { destinations } from '../batch/destinations.ts'
import { sinkMetrics } from '../metrics.ts'
import { RotationQueue } from '../storing/rotation-queue.ts'
import { Storing } from '../storing/storing.ts'
import { FakeBucket } from './fake-bucket.ts'
import { planOf, recordAt } from './plans.ts'

/** Turns of promises within which the queue ends what it does after the last object is stored. */
const TURNS = 12

function queueFor(bucket: FakeBucket) {
  const plan = planOf()
  const { context } = sinkTaskContext({ assignment: [{ topic: 't', partition: 0 }] })
  const storing = new Storing(plan, context, sinkMetrics(context.metrics))
  let onStored = () => {}
  const conflict = () => assert.fail('no object existed before')
  const queue = new RotationQueue(storing, { stored: () => onStored(), conflict })
  const destinationOf = destinations(plan)
  const writer = bucket.writer()
  return {
    queue,
    add(offset: number) {
      const record = recordAt(offset)
      const to = destinationOf(record, 0)
      const batch = new OpenBatch(plan, writer)
      batch.write(record, to, { value: record.value, schema: record.valueSchema })
      queue.add({ start: offset, directories: batch.take(assert.fail), bytes: 1 })
    },
    stored: () =>
      new Promise<void>((resolve) => {
        onStored = resolve
      }),
  }
}

for (let turns = 0; turns < TURNS; turns++) {
  test(`a rotation that is added ${turns} turns after the last one was stored is stored too`, async () => {
    const bucket = new FakeBucket()
    const { queue, add, stored } = queueFor(bucket)
    const first = stored()
    add(0)
    await first
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    add(1)
    await queue.whenEmpty()
    assert.equal(queue.start, undefined)
    assert.equal(bucket.keys.length, 2)
  })
}

test('a rotation that is added after the queue has been aborted is discarded', async () => {
  const bucket = new FakeBucket()
  const { queue, add } = queueFor(bucket)
  await queue.abort()
  add(0)
  await queue.whenEmpty()
  assert.deepEqual([bucket.keys, bucket.open], [[], 0])
})
