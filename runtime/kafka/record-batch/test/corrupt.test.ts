import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchEnd, batchLayout, readBatch } from '../index.ts'
import { isCorrupt, rawRecord, readWhole, recordsOf, sealedBatch } from './batches.ts'

const sample = () =>
  sealedBatch([rawRecord({ key: 'key', headers: [{ key: 'h', value: 'v' }] }), rawRecord()])

test('a changed byte does not match the checksum', async () => {
  const batch = await sample()
  batch[batch.length - 3]! ^= 1

  await assert.rejects(readWhole(batch), isCorrupt)
})

test('the checksum is not verified if verification is disabled', async () => {
  const batch = await sample()
  batch.writeUInt32BE(0, batchLayout.crc)

  assert.equal(recordsOf(await readBatch(batch, 0, batch.length, false)).length, 2)
})

test('a truncated batch at the end of a response is incomplete', async () => {
  const batch = await sample()

  assert.equal(batchEnd(batch, 0), batch.length)
  for (const length of [0, 8, 11, 12, 60, batch.length - 1]) {
    assert.equal(batchEnd(batch.subarray(0, length), 0), undefined, `${length} bytes`)
  }
})

test('a batch with an impossible length is corrupt', async () => {
  const batch = await sample()
  batch.writeInt32BE(10, batchLayout.batchLength)

  assert.throws(() => batchEnd(batch, 0), isCorrupt)
})

test('a batch of another format is corrupt', async () => {
  const batch = await sample()
  batch.writeInt8(1, batchLayout.magic)

  await assert.rejects(readWhole(batch), isCorrupt)
})

test('a batch with unknown or invalid compression is corrupt', async () => {
  for (const type of [1, 2, 3, 4, 7]) {
    const batch = await sample()
    batch.writeInt16BE(type, batchLayout.attributes)

    await assert.rejects(readBatch(batch, 0, batch.length, false), isCorrupt, `compression ${type}`)
  }
})

const read = async (batch: Buffer) => recordsOf(await readBatch(batch, 0, batch.length, false))

test('truncated or changed records that extend beyond their batch are corrupt at any position', async () => {
  const whole = await sample()
  for (let length = batchLayout.records; length < whole.length; length++) {
    await assert.rejects(read(whole.subarray(0, length)), isCorrupt, `cut to ${length} bytes`)
  }
  for (let at: number = batchLayout.records; at < whole.length; at++) {
    for (const byte of [0x7f, 0x80, 0xff]) {
      const batch = Buffer.from(whole)
      batch[at] = byte
      await read(batch).catch((error: unknown) =>
        assert.ok(isCorrupt(error), `${byte} at ${at}: ${String(error)}`),
      )
    }
  }
})

test('a record with a huge or negative number of headers is corrupt', async () => {
  for (const headerCount of [0xfe, 0x03]) {
    const batch = await sealedBatch([rawRecord({ value: '' })])
    batch[batch.length - 1] = headerCount

    assert.throws(() => recordsOf(headOf(batch)), isCorrupt)
  }
})

function headOf(batch: Buffer) {
  return {
    baseOffset: 0,
    lastOffset: 0,
    producerId: -1n,
    transactional: false,
    control: false,
    recordCount: 1,
    baseTimestamp: 0,
    timestampType: 'CreateTime',
    records: batch.subarray(batchLayout.records),
  } as const
}
