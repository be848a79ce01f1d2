import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchEnd, batchLayout, compressionTypes, readBatch } from '../index.ts'
import { rawRecord, readWhole, recordsOf, sealedBatch, type ReadRecord } from './batches.ts'
import { recorded } from './recorded.ts'

const TIMESTAMP = 1_790_000_000_000
const valueOf = (number: number): string => `value äöü 🚀 ${'x'.repeat(40)}${number}`

const expected: readonly ReadRecord[] = [
  { offset: 0, timestamp: TIMESTAMP, key: 'key-0', value: valueOf(0), headers: [] },
  { offset: 1, timestamp: TIMESTAMP + 1000, key: null, value: valueOf(1), headers: [] },
  { offset: 2, timestamp: TIMESTAMP + 5_000_000_000, key: 'key-2', value: null, headers: [] },
  {
    offset: 3,
    timestamp: TIMESTAMP + 3000,
    key: 'key-3',
    value: valueOf(3),
    headers: [
      ['h1', 'one'],
      ['h2', null],
      ['h1', ''],
    ],
  },
]

for (const compression of compressionTypes) {
  test(`a batch of a Java producer with compression ${compression} is read`, async () => {
    const { head, records } = await readWhole(Buffer.from(recorded[compression], 'base64'))

    assert.deepEqual(records, expected)
    assert.equal(head.timestampType, 'CreateTime')
  })
}

test('a written batch is byte for byte the same as that of Java', async () => {
  const java = Buffer.from(recorded.none, 'base64')
  const batch = await sealedBatch(
    expected.map(({ key, value, timestamp, headers }) =>
      rawRecord({
        key,
        value,
        timestamp,
        headers: headers.map(([name, text]) => ({ key: name, value: text })),
      }),
    ),
    {
      identity: {
        producerId: java.readBigInt64BE(batchLayout.producerId),
        producerEpoch: java.readInt16BE(batchLayout.producerEpoch),
        baseSequence: java.readInt32BE(batchLayout.baseSequence),
      },
    },
  )
  java.writeInt32BE(-1, batchLayout.partitionLeaderEpoch) // set by the broker

  assert.equal(batch.toString('hex'), java.toString('hex'))
})

test('the markers of transactions are control batches', async () => {
  const bytes = Buffer.from(recorded.transactions, 'base64')
  const kinds: [offset: number, records: number, control: boolean, transactional: boolean][] = []
  let at = 0
  for (let end = batchEnd(bytes, at); end !== undefined; end = batchEnd(bytes, at)) {
    const head = await readBatch(bytes, at, end)
    kinds.push([head.baseOffset, recordsOf(head).length, head.control, head.transactional])
    at = end
  }

  assert.deepEqual(kinds, [
    [0, 1, false, true],
    [1, 1, true, true],
    [2, 2, false, true],
    [4, 1, true, true],
    [5, 1, false, true],
    [6, 1, true, true],
  ])
})
