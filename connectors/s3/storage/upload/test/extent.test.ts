import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extentIn, judge, metadataOf, uploadIn, uploadMetadata } from '../extent.ts'

const extent = (startOffset: number, endOffset: number, startTimestamp: number | null = 1000) => ({
  startOffset,
  endOffset,
  recordCount: endOffset - startOffset + 1,
  startTimestamp,
})

test('an extent is read as it was written', () => {
  for (const one of [extent(0, 9), extent(9_007_199_254, 9_007_199_999, null), extent(5, 5, -1)]) {
    assert.deepEqual(extentIn(metadataOf(one)), one)
  }
  assert.equal(uploadIn(uploadMetadata('id')), 'id')
})

test('metadata of other programs are no extent', () => {
  assert.equal(extentIn({}), undefined)
  assert.equal(extentIn({ ...metadataOf(extent(0, 9)), 'headrace-end-offset': 'nine' }), undefined)
  assert.equal(extentIn({ ...metadataOf(extent(0, 9)), 'headrace-start-timestamp': '' }), undefined)
  assert.equal(extentIn(uploadMetadata('id')), undefined)
})

test('an equal object is stored already, whatever is to happen', () => {
  for (const mode of ['keep', 'keep-newer', 'replace'] as const) {
    assert.deepEqual(judge(extent(0, 9), extent(0, 9), mode), { kind: 'stored' })
  }
})

test('an object that starts with the same record is kept, shorter or longer', () => {
  assert.deepEqual(judge(extent(0, 9), extent(0, 4), 'keep'), { kind: 'exists', endOffset: 9 })
  assert.deepEqual(judge(extent(0, 4), extent(0, 9), 'keep'), { kind: 'exists', endOffset: 4 })
  assert.deepEqual(judge(extent(0, 4), extent(0, 9), 'replace'), { kind: 'replace' })
})

test('an object without an extent or with another first record is replaced', () => {
  assert.deepEqual(judge(undefined, extent(0, 9), 'keep'), { kind: 'replace' })
  assert.deepEqual(judge(extent(1, 9), extent(0, 9), 'keep'), { kind: 'replace' })
  assert.deepEqual(judge(extent(0, 9, 999), extent(0, 9), 'keep'), { kind: 'replace' })
  assert.deepEqual(judge(extent(0, 9, null), extent(0, 9), 'keep'), { kind: 'replace' })
})

test('of objects that hold the latest record, an older one is replaced', () => {
  assert.deepEqual(judge(extent(5, 5), extent(7, 7, 1001), 'keep-newer'), { kind: 'replace' })
  assert.deepEqual(judge(extent(7, 7, 1001), extent(5, 5), 'keep-newer'), { kind: 'exists', endOffset: 7 })
})
