import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchLayout, compressionTypes, readBatch } from '../index.ts'
import { rawRecord, readWhole, recordsOf, sealedBatch } from './batches.ts'

const T = 1_790_000_000_000

const mixed = [
  rawRecord({ key: 'key', value: 'value', timestamp: T }),
  rawRecord({ key: null, value: null, timestamp: T - 5 }),
  rawRecord({ key: '', value: 'äöü 🚀', timestamp: T + 2 ** 33 }),
  rawRecord({ key: Buffer.from([0x61, 0x62]), value: Buffer.alloc(0), timestamp: T }),
  rawRecord({
    timestamp: T,
    headers: [
      { key: 'h', value: 'one' },
      { key: 'ключ', value: null },
      { key: 'h', value: Buffer.from('two') },
    ],
  }),
]

for (const compression of compressionTypes) {
  test(`records come back from a batch with compression ${compression}`, async () => {
    const { head, records } = await readWhole(await sealedBatch(mixed, { compression, baseOffset: 40 }))

    assert.deepEqual(records, [
      { offset: 40, timestamp: T, key: 'key', value: 'value', headers: [] },
      { offset: 41, timestamp: T - 5, key: null, value: null, headers: [] },
      { offset: 42, timestamp: T + 2 ** 33, key: '', value: 'äöü 🚀', headers: [] },
      { offset: 43, timestamp: T, key: 'ab', value: '', headers: [] },
      {
        offset: 44,
        timestamp: T,
        key: null,
        value: 'value',
        headers: [
          ['h', 'one'],
          ['ключ', null],
          ['h', 'two'],
        ],
      },
    ])
    assert.deepEqual([head.baseOffset, head.lastOffset, head.recordCount], [40, 44, 5])
  })

  test(`a batch of many blocks survives compression ${compression}`, async () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      rawRecord({ value: `line ${index} ${'x'.repeat(40)}` }),
    )
    const { records } = await readWhole(await sealedBatch(many, { compression }))

    assert.deepEqual(
      records.map(({ value }) => value),
      many.map(({ value }) => value),
    )
  })
}

test('records that share their headers are written like records with equal ones', async () => {
  const values = ['one', 'zwölf', 'three', 'four']
  const headers = () => [
    { key: 'source', value: 'größe' },
    { key: 'empty', value: null },
  ]
  const shared = headers()
  const others = [{ key: 'other', value: 'x' }]
  const headersOf = (value: string, own: boolean) => {
    if (value === 'three') return others
    return own ? headers() : shared
  }
  const bytesOf = (own: boolean) =>
    sealedBatch(values.map((value) => rawRecord({ value, timestamp: T, headers: headersOf(value, own) })))
  assert.deepEqual(await bytesOf(false), await bytesOf(true))
})

test('a batch contains its producer and whether it is transactional', async () => {
  const identity = { producerId: 2n ** 40n, producerEpoch: 7, baseSequence: 99 }
  const batch = await sealedBatch(mixed, { identity, transactional: true })
  const { head } = await readWhole(batch)

  assert.deepEqual([head.producerId, head.transactional, head.control], [2n ** 40n, true, false])
  assert.equal(batch.readInt16BE(batchLayout.producerEpoch), 7)
  assert.equal(batch.readInt32BE(batchLayout.baseSequence), 99)
})

test('a batch of a non-idempotent producer has no producer id, epoch or sequence', async () => {
  const batch = await sealedBatch(mixed)
  const { head } = await readWhole(batch)

  assert.deepEqual([head.producerId, head.transactional], [-1n, false])
  assert.equal(batch.readInt16BE(batchLayout.producerEpoch), -1)
  assert.equal(batch.readInt32BE(batchLayout.baseSequence), -1)
})

test('the maximum timestamp of a batch is found at any position', async () => {
  const batch = await sealedBatch(mixed)

  assert.equal(Number(batch.readBigInt64BE(batchLayout.maxTimestamp)), T + 2 ** 33)
})

test('ASCII and non-ASCII records in any order keep their text', async () => {
  const texts = ['plain', 'ü', 'plain again', '漢字', 'x'.repeat(200), 'ø'.repeat(200)]
  const { records } = await readWhole(
    await sealedBatch(texts.map((text) => rawRecord({ key: text, value: text }))),
  )

  assert.deepEqual(
    records.map(({ key, value }) => [key, value]),
    texts.map((text) => [text, text]),
  )
})

test('with LogAppendTime, all records have the timestamp of the batch', async () => {
  const batch = await sealedBatch([rawRecord({ timestamp: T }), rawRecord({ timestamp: T + 9 })])
  batch.writeInt16BE(batch.readInt16BE(batchLayout.attributes) | 0x08, batchLayout.attributes)
  batch.writeBigInt64BE(BigInt(T + 1000), batchLayout.maxTimestamp)
  const head = await readBatch(batch, 0, batch.length, false)

  assert.equal(head.timestampType, 'LogAppendTime')
  assert.deepEqual(
    recordsOf(head).map(({ timestamp }) => timestamp),
    [T + 1000, T + 1000],
  )
})
