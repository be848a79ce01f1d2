import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantOfLocal, instantOfLocalNear, offsetOfLocal } from '../conversion.ts'
import { TimeZone } from '../time-zone.ts'
import { zoneForId } from '../zone-id.ts'

const HOUR = 3_600_000
const newYork = zoneForId('America/New_York')
const berlin = zoneForId('Europe/Berlin')
const at = (text: string): number => Date.parse(`${text}Z`)

function countingZone(measure: (instant: number) => number): { zone: TimeZone; calls: () => number } {
  let calls = 0
  const zone = new TimeZone('Test/Zone', (instant) => {
    calls++
    return measure(instant)
  })
  return { zone, calls: () => calls }
}

test('offsets of a few days are measured once', () => {
  const { zone, calls } = countingZone(() => HOUR)
  for (let i = 0; i < 1000; i++) assert.equal(zone.offsetAt(1.7e12 + i), HOUR)
  assert.equal(calls(), 2)
})

test('two changes within a few days are found at their second', () => {
  const [first, second] = [1_700_000_123_000, 1_700_003_456_000]
  const { zone } = countingZone((instant) => (instant < first ? 0 : instant < second ? HOUR : -HOUR))
  assert.deepEqual(
    [first - 1, first, second - 1, second].map((time) => zone.offsetAt(time)),
    [0, HOUR, HOUR, -HOUR],
  )
  assert.deepEqual(zone.stretchAt(first), { start: first, end: second, offset: HOUR })
  assert.equal(zone.changeWithin(first - 1, second), first)
  assert.equal(zone.changeWithin(first, second), second)
  assert.equal(zone.changeWithin(first, second - 1), undefined)
  assert.equal(zone.lastChangeWithin(first - 1, second - 1), first)
  assert.equal(zone.lastChangeWithin(first, second - 1), undefined)
})

test('the memory of offsets is bounded', () => {
  const { zone, calls } = countingZone(() => 0)
  for (let day = 0; day < 20_000; day++) zone.offsetAt(day * 24 * HOUR)
  const before = calls()
  zone.offsetAt(0)
  assert.equal(calls(), before + 2, 'the first step has been dropped')
})

test('offsets repeat every 400 years in the far future, and are constant in the far past', () => {
  const cycle = 146_097 * 24 * HOUR
  const summer = at('2400-07-01T00:00:00')
  assert.equal(newYork.offsetAt(summer + 600 * cycle), newYork.offsetAt(summer))
  assert.equal(newYork.stretchAt(summer + 600 * cycle).offset, -4 * HOUR)
  assert.equal(newYork.offsetAt(-8e15), -17_762_000)
})

test('a local time in a gap moves behind it, east and west of Greenwich', () => {
  assert.equal(instantOfLocal(newYork, at('2024-03-10T02:30:00')), at('2024-03-10T07:30:00'))
  assert.equal(instantOfLocal(berlin, at('2024-03-31T02:30:00')), at('2024-03-31T01:30:00'))
})

test('a local time that occurs twice keeps the offset of a nearby instant', () => {
  const twice = at('2024-11-03T01:30:00')
  assert.equal(instantOfLocal(newYork, twice), at('2024-11-03T05:30:00'))
  assert.equal(instantOfLocalNear(newYork, twice, at('2024-11-04T00:00:00')), at('2024-11-03T06:30:00'))
  assert.equal(offsetOfLocal(newYork, twice), -4 * HOUR)
  assert.equal(offsetOfLocal(berlin, at('2024-10-27T02:30:00')), 2 * HOUR)
})
