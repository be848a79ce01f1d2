import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recorded, recordedAborted } from '../../record-batch/test/recorded.ts'
import { isCorrupt } from '../../record-batch/test/batches.ts'
import { PartitionState } from '../partition-state.ts'
import { answer, batchOf, TOPIC, valuesOf } from './answers.ts'

async function takeAll(state: PartitionState, max = 1000): Promise<string[]> {
  const values: string[] = []
  for (
    let segment = await state.take(max, true);
    segment !== undefined;
    segment = await state.take(max, true)
  ) {
    values.push(...valuesOf([segment]))
    state.readUpTo(segment.records.offset + 1)
  }
  return values
}

test('records are returned in order, and the next fetch starts after them', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  state.accept(answer(Buffer.concat([await batchOf([0, 4]), await batchOf([5, 9])])))

  assert.equal(state.fetchOffset, 10)
  assert.equal(state.position, 0)
  assert.deepEqual(await takeAll(state), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  assert.deepEqual([state.position, state.hasData, state.bufferedBytes], [10, false, 0])
})

test('a batch can be read in pieces', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  state.accept(answer(await batchOf([0, 6])))

  assert.deepEqual(await takeAll(state, 3), ['0', '1', '2', '3', '4', '5', '6'])
})

test('records before the position are skipped', async () => {
  const state = new PartitionState(TOPIC, 0, 3)
  state.accept(answer(await batchOf([0, 5])))

  assert.deepEqual(await takeAll(state), ['3', '4', '5'])
})

test('records in two overlapping responses are returned once', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  state.accept(answer(await batchOf([0, 3])))
  state.accept(answer(Buffer.concat([await batchOf([0, 3]), await batchOf([4, 5])])))

  assert.deepEqual(await takeAll(state), ['0', '1', '2', '3', '4', '5'])
})

test('an incomplete batch at the end of a response is left for the next fetch', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  const cut = (await batchOf([3, 9])).subarray(0, 80)
  state.accept(answer(Buffer.concat([await batchOf([0, 2]), cut])))

  assert.equal(state.fetchOffset, 3)
  assert.deepEqual(await takeAll(state), ['0', '1', '2'])
  assert.equal(state.accept(answer(cut)), false)
})

test('a seek drops buffered records and invalidates pending fetches', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  state.accept(answer(await batchOf([0, 9])))
  await state.take(4, true)
  const before = state.epoch
  state.seek(7)

  assert.equal(state.hasData, false)
  assert.deepEqual([state.position, state.fetchOffset], [7, 7])
  assert.notEqual(state.epoch, before)
})

test('a seek during decompression takes effect', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  state.accept(answer(await batchOf([0, 9], { compression: 'gzip' })))
  const taking = state.take(10, true)
  state.seek(5)

  assert.equal(await taking, undefined)
  assert.equal(state.position, 5)
})

test('read_committed skips records of aborted transactions, and markers are always skipped', async () => {
  const batches = Buffer.from(recorded.transactions, 'base64')
  const committed = new PartitionState(TOPIC, 0, 0)
  committed.accept(answer(batches, { aborted: recordedAborted }))
  const any = new PartitionState(TOPIC, 0, 0)
  any.accept(answer(batches))

  assert.deepEqual((await takeAll(committed)).map(lastLetter), ['0', '0'])
  assert.deepEqual((await takeAll(any)).map(lastLetter), ['0', '1', '3', '0'])
  assert.deepEqual([committed.position, any.position], [7, 7])
})

const lastLetter = (text: string): string | undefined => text.at(-1)

const transactional = (producerId: bigint) =>
  ({ identity: { producerId, producerEpoch: 0, baseSequence: 0 }, transactional: true }) as const

test('records of other producers between those of an aborted transaction are returned', async () => {
  const state = new PartitionState(TOPIC, 0, 0)
  const batches = Buffer.concat([
    await batchOf([0, 0], transactional(1n)),
    await batchOf([1, 1], transactional(2n)),
    await batchOf([2, 2], transactional(1n)),
    await batchOf([3, 3]),
  ])
  state.accept(answer(batches, { aborted: [{ producerId: 1n, firstOffset: 0 }] }))

  assert.deepEqual(await takeAll(state), ['1', '3'])
})

test('a checksum mismatch is an error, unless check.crcs is false', async () => {
  const batch = await batchOf([0, 1])
  batch.writeUInt32BE(1, 17)
  const state = new PartitionState(TOPIC, 0, 0)
  state.accept(answer(batch))
  await assert.rejects(state.take(10, true), isCorrupt)

  const trusting = new PartitionState(TOPIC, 0, 0)
  trusting.accept(answer(batch))
  assert.deepEqual(valuesOf([await trusting.take(10, false)]), ['0', '1'])
})
