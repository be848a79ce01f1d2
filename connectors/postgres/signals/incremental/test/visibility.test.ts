import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isVisible, parseVisible, PassedTransactions } from '../visibility.ts'

const CYCLE = 2 ** 32

test('transactions before xmin are visible, those from xmax on and running ones are not', () => {
  const visible = parseVisible('100:105:101,103')
  const ids = [99, 100, 101, 102, 103, 104, 105, 106]
  assert.deepEqual(
    ids.filter((id) => isVisible(visible, id)),
    [99, 100, 102, 104],
  )
})

test('ids of the stream have no epoch', () => {
  const visible = parseVisible(`${7 * CYCLE - 5}:${7 * CYCLE + 5}:${7 * CYCLE - 2},${7 * CYCLE + 1}`)
  assert.equal(isVisible(visible, CYCLE - 6), true)
  assert.equal(isVisible(visible, CYCLE - 2), false)
  assert.equal(isVisible(visible, CYCLE - 1), true)
  assert.equal(isVisible(visible, 1), false)
  assert.equal(isVisible(visible, 2), true)
  assert.equal(isVisible(visible, 5), false)
})

function tracking(remembered = 8): PassedTransactions {
  const passed = new PassedTransactions(remembered)
  passed.assume([])
  return passed
}

test('a chunk is stale if a transaction that was passed on before the window is not visible', () => {
  const passed = tracking()
  passed.began(101)
  passed.clear()
  passed.openWindow()
  passed.chunkRead(parseVisible('100:102:101'))
  assert.equal(passed.chunkIsStale, true)
})

test('the chunk that is read when it has become visible is not stale', () => {
  const passed = tracking()
  passed.began(101)
  passed.chunkRead(parseVisible('100:102:101'))
  passed.clear()
  passed.openWindow()
  passed.chunkRead(parseVisible('102:102:'))
  assert.equal(passed.chunkIsStale, false)
})

test('transactions within the window need not be visible', () => {
  const passed = tracking()
  passed.openWindow()
  passed.began(101)
  passed.chunkRead(parseVisible('101:101:'))
  passed.began(102)
  assert.equal(passed.chunkIsStale, false)
})

test('a chunk that is read before the stream has reached its window is checked by what follows', () => {
  const passed = tracking()
  passed.chunkRead(parseVisible('100:105:101'))
  passed.began(102)
  assert.equal(passed.chunkIsStale, false)
  passed.began(101)
  assert.equal(passed.chunkIsStale, true)
})

test('transactions within one window are before the next one', () => {
  const passed = tracking()
  passed.openWindow()
  passed.chunkRead(parseVisible('100:100:'))
  passed.began(101)
  passed.clear()
  passed.openWindow()
  passed.chunkRead(parseVisible('101:102:101'))
  assert.equal(passed.chunkIsStale, true)
})

test('transactions that wait for a standby at the start are suspect until they are visible', () => {
  const passed = new PassedTransactions()
  assert.equal(passed.lostTrack, true)
  passed.assume([90])
  assert.equal(passed.lostTrack, false)
  passed.chunkRead(parseVisible('90:100:90'))
  assert.equal(passed.chunkIsStale, true)
  passed.clear()
  passed.chunkRead(parseVisible('100:100:'))
  assert.equal(passed.chunkIsStale, false)
})

test('forgotten transactions make a chunk stale until it is known which ones wait', () => {
  const passed = tracking(4)
  for (let id = 101; id <= 105; id++) passed.began(id)
  assert.equal(passed.lostTrack, true)
  passed.chunkRead(parseVisible('200:200:'))
  assert.equal(passed.chunkIsStale, true)
  passed.clear()
  passed.assume([])
  passed.chunkRead(parseVisible('200:200:'))
  assert.equal(passed.chunkIsStale, false)
})

test('nothing is kept while no chunk is read', () => {
  const passed = tracking(4)
  passed.chunkRead(parseVisible('100:100:'))
  passed.clear()
  for (let id = 101; id <= 104; id++) passed.began(id)
  assert.equal(passed.chunkIsStale, false)
})
