import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellText, ChunkRows } from '../chunk-rows.ts'
import { parseVisible } from '../visibility.ts'
import { ChangeWindow } from '../window.ts'
import { rowOf } from './rows.ts'

const columns = ['id', 'v']
const visible = parseVisible('100:100:')

function chunkOf(...rows: (readonly [string | null, string | null])[]): ChunkRows {
  const chunk = new ChunkRows(2)
  for (const row of rows) chunk.append(rowOf(...row))
  return chunk
}

const keyed = (): ChangeWindow => new ChangeWindow({ columns: ['id'], unique: true })
const keyless = (): ChangeWindow => new ChangeWindow({ columns, unique: false })

test('rows are copied: the buffer of the connection is reused', () => {
  const chunk = new ChunkRows(2)
  const row = rowOf('1', null)
  chunk.append(row)
  row.bytes.fill(0)
  chunk.forEach((copy) => assert.deepEqual([cellText(copy, 0), cellText(copy, 1)], ['1', null]))
})

test('many and large rows are kept', () => {
  const chunk = new ChunkRows(2)
  for (let id = 0; id < 3000; id++) chunk.append(rowOf(String(id), 'x'.repeat(id % 100)))
  chunk.append(rowOf('last', 'y'.repeat(200_000)))
  const lengths: number[] = []
  chunk.forEach((row) => lengths.push(cellText(row, 1)?.length ?? -1))
  assert.equal(lengths.length, 3001)
  assert.equal(lengths[2999], 99)
  assert.equal(lengths[3000], 200_000)
})

test('rows that the stream has inserted, updated or deleted are left out', () => {
  const window = keyed()
  window.changed(1, columns, null, rowOf('1', 'new'))
  window.changed(1, columns, rowOf('3', null), null)
  const chunk = chunkOf(['1', 'a'], ['2', 'b'], ['3', 'c'])
  assert.deepEqual([...window.surviving(chunk, [0], visible)], [0, 1, 0])
})

test('a change of the key leaves out both keys', () => {
  const window = keyed()
  window.changed(1, columns, rowOf('1', null), rowOf('2', 'a'))
  assert.deepEqual([...window.surviving(chunkOf(['1', 'a'], ['2', 'b']), [0], visible)], [0, 0])
})

test('the identity is found in rows with other cells', () => {
  const window = keyed()
  window.changed(1, ['v', 'id'], null, rowOf('x', '1'))
  assert.deepEqual([...window.surviving(chunkOf(['1', 'a'], ['x', 'b']), [0], visible)], [0, 1])
})

test('a row whose identity the stream does not have makes the chunk incomparable', () => {
  const missing = keyed()
  missing.changed(1, ['v'], null, rowOf('x'))
  assert.equal(missing.incomparable, true)
  const unchanged = keyed()
  unchanged.changed(1, columns, null, rowOf(undefined, 'x'))
  assert.equal(unchanged.incomparable, true)
})

test('without a key, of equal rows as many are left out as were deleted', () => {
  const window = keyless()
  window.changed(100, columns, rowOf('1', 'a'), null)
  const chunk = chunkOf(['1', 'a'], ['1', 'a'], ['2', null])
  assert.deepEqual([...window.surviving(chunk, [0, 1], visible)], [0, 1, 1])
})

test('without a key, what the SELECT has seen to be deleted is not left out again', () => {
  const window = keyless()
  window.changed(99, columns, rowOf('1', 'a'), null)
  assert.deepEqual([...window.surviving(chunkOf(['1', 'a']), [0, 1], visible)], [1])
})

test('without a key, a row that was inserted and deleted leaves equal rows alone', () => {
  const window = keyless()
  window.changed(100, columns, null, rowOf('1', 'a'))
  window.changed(101, columns, rowOf('1', 'a'), null)
  assert.deepEqual([...window.surviving(chunkOf(['1', 'a']), [0, 1], visible)], [1])
})

test('without a key, an update leaves out the old row', () => {
  const window = keyless()
  window.changed(100, columns, rowOf('1', 'a'), rowOf('1', undefined))
  assert.equal(window.incomparable, false)
  assert.deepEqual([...window.surviving(chunkOf(['1', 'a'], ['1', 'b']), [0, 1], visible)], [0, 1])
})

test('NULL and an empty text are different', () => {
  const window = keyless()
  window.changed(100, columns, rowOf('1', null), null)
  assert.deepEqual([...window.surviving(chunkOf(['1', ''], ['1', null]), [0, 1], visible)], [1, 0])
})
