import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { offsetReset, resetOffsets, validOffsetReset } from '../offset-reset.ts'
import { TOPIC } from './answers.ts'

test('auto.offset.reset accepts the values of AutoOffsetResetStrategy', () => {
  for (const [text, expected] of [
    ['earliest', 'earliest'],
    ['none', 'none'],
    ['Earliest', undefined],
    ['by_duration:PT1H', 3_600_000],
    ['by_duration:pt1h', 3_600_000],
    ['by_duration:P1DT2H3M4.5S', 93_784_500],
    ['by_duration:+PT1H', 3_600_000],
    ['by_duration:PT1,5S', 1500],
    ['by_duration:PT-1H+120M', 3_600_000],
    ['by_duration:PT0S', 0],
    ['by_duration:-PT1H', undefined],
    ['by_duration:PT-1H', undefined],
    ['by_duration:PT1.5H', undefined],
    ['by_duration:P', undefined],
    ['by_duration:PT', undefined],
    ['by_duration:P1Y', undefined],
    ['by_duration: PT1H', undefined],
    ['by_duration:', undefined],
    ['by_duration', undefined],
    ['BY_DURATION:PT1H', undefined],
  ] as const) {
    const found = offsetReset(text)
    assert.deepEqual(typeof found === 'object' ? found.durationMs : found, expected, text)
  }
})

test('an invalid value is rejected with the message of Java', () => {
  assert.equal(
    validOffsetReset.check('auto.offset.reset', 'newest'),
    "Invalid value newest for configuration auto.offset.reset: Invalid value `newest` for configuration auto.offset.reset. The value must be either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.",
  )
})

test('with by_duration, reading starts at the first record that is recent enough, or at the end', async () => {
  const asked: number[] = []
  const ends: Readonly<Record<number, string>> = { 0: '9', 1: '4' }
  const cluster = new FakeCluster({
    topics: { [TOPIC]: 2 },
    calls: {
      listOffsets: async ({ topics }) => ({
        responses: topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map(({ partition, timestamp }) => {
            asked.push(timestamp)
            const offset = timestamp === -1 ? ends[partition] : partition === 0 ? '5' : '-1'
            return { partition, offset: offset ?? '0', errorCode: 0 }
          }),
        })),
      }),
    },
  })
  const before = Date.now()
  const partitions = [0, 1].map((partition) => ({ topic: TOPIC, partition }))

  const offsets = await resetOffsets(cluster, partitions, { durationMs: 3_600_000 }, false)

  assert.deepEqual(
    offsets.map(({ partition, offset }) => [partition, offset]),
    [
      [0, 5],
      [1, 4],
    ],
  )
  const since = asked.filter((timestamp) => timestamp >= 0)
  assert.equal(since.length, 2)
  assert.ok(since.every((timestamp) => timestamp >= before - 3_600_000 && timestamp <= Date.now()))
})
