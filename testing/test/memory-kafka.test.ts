import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceTaskContext } from '../index.ts'

const read = async (
  ...[topic, options]: Parameters<ReturnType<typeof sourceTaskContext>['context']['kafka']['readTopic']>
) => {
  const { context, worker } = sourceTaskContext()
  await context.kafka.write('t', [{ value: 'a' }, { key: 'k', value: Buffer.from('b') }])
  const values: string[] = []
  for await (const batch of context.kafka.readTopic(topic, options)) {
    values.push(...batch.map(({ offset, value }) => `${offset} ${String(value)}`))
    if (options.untilEnd === true) continue
    if (values.length < 3) await context.kafka.write('t', [{ value: 'c' }])
    else worker.stop()
  }
  return values
}

test('topics in memory are read from the start, from an offset, and to the end', async () => {
  assert.deepEqual(await read('t', { from: 'earliest', untilEnd: true }), ['0 a', '1 b'])
  assert.deepEqual(await read('t', { from: new Map([[0, 1]]), untilEnd: true }), ['1 b'])
  assert.deepEqual(await read('t', { from: 'latest', untilEnd: true }), [])
  await assert.rejects(read('absent', { from: 'earliest' }), { code: 'HR_KAFKA_REFUSED' })
})

test('a topic in memory is followed until the task stops', async () => {
  assert.deepEqual(await read('t', { from: 'earliest' }), ['0 a', '1 b', '2 c'])
})
