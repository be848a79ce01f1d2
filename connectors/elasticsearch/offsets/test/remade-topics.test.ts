import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import type { LogFields } from '../../../../api/index.ts'
import { sinkRecord, sinkTaskContext } from '../../../../testing/index.ts'
import { wordings } from '../../wording.ts'
import { RemadeTopics } from '../remade-topics.ts'

const target = 'orders'

/** A topic with some records, and what recognizes versions that are not from there. */
async function setUp(records: number) {
  const warnings: (LogFields | undefined)[] = []
  const none = () => {}
  const { context, worker } = sinkTaskContext({
    log: {
      error: none,
      warn: (_, fields) => void warnings.push(fields),
      info: none,
      debug: none,
      trace: none,
    },
  })
  let now = 0
  const conflicts = context.metrics.counter('conflicts', { unit: 'records', doc: '' })
  const remade = new RemadeTopics({ context, conflicts, wording: wordings.elasticsearch, now: () => now })
  await worker.kafka.ensureTopic({ topic: 'orders', partitions: 1 })
  await worker.kafka.write(
    'orders',
    Array.from({ length: records }, () => ({ value: 'x', partition: 0 })),
  )
  const conflict = async (offset: number, storedVersion: number | bigint, lastOffset = offset) => {
    const record = sinkRecord({ topic: 'orders', partition: 0, offset })
    const operation = {
      kind: 'index',
      target,
      id: 'a',
      version: offset,
      lines: '',
      bytes: 0,
      record,
    } as const
    remade.conflict(operation, storedVersion, lastOffset)
    for (let turns = 0; turns < 20; turns++) await turn()
  }
  const found = () => worker.metrics.get('conflicts') ?? 0
  return { conflict, warnings, found, wait: (ms: number) => void (now += ms) }
}

test('a version above the end of the topic is reported once for an index, and counted', async () => {
  const { conflict, warnings, found } = await setUp(10)
  await conflict(3, 500)
  await conflict(4, 700n)
  await conflict(5, 600)
  assert.equal(found(), 3)
  assert.equal(warnings.length, 1)
  assert.deepEqual(warnings[0], {
    index: 'orders',
    topic: 'orders',
    partition: 0,
    storedVersion: 500,
    offset: 3,
  })
})

test('versions of records that are read again are no reason for a warning', async () => {
  const { conflict, warnings, found, wait } = await setUp(10)
  await conflict(3, 9)
  wait(60_000)
  await conflict(4, 8)
  await conflict(4, 3, 5)
  assert.deepEqual([warnings, found()], [[], 0])
})

test('Kafka is not asked for each conflict', async () => {
  const { conflict, found, wait } = await setUp(10)
  await conflict(3, 8)
  await conflict(3, 500)
  assert.equal(found(), 0)
  wait(60_000)
  await conflict(3, 500)
  assert.equal(found(), 1)
})
