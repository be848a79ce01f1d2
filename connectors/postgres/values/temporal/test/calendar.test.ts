import { strict as assert } from 'node:assert'
import { test } from 'node:test'

import { civilDate, dateText, dayOf, paddedTimeText, timeText } from '../calendar.ts'

test('day numbers and dates convert into each other over all leap rules', () => {
  const cases = [
    [0, 1970, 1, 1],
    [-1, 1969, 12, 31],
    [59, 1970, 3, 1],
    [11_016, 2000, 2, 29],
    [-25_509, 1900, 2, 28],
    [-25_508, 1900, 3, 1],
    [-719_162, 1, 1, 1],
    [-719_468, 0, 3, 1],
    [-719_469, 0, 2, 29],
    [2_932_896, 9999, 12, 31],
    [3_789_391, 12_345, 1, 1],
    [-735_160, -43, 3, 15],
    [-2_147_472_692, -5_877_611, 6, 21],
  ] as const
  for (const [number, year, month, day] of cases) {
    assert.equal(dayOf(year, month, day), number)
    assert.deepEqual(civilDate(number), { year, month, day })
  }
})

test('every day of 800 years follows the day before', () => {
  let before = civilDate(-200_001)
  for (let day = -200_000; day < 92_194; day++) {
    const date = civilDate(day)
    const sameMonth = date.year === before.year && date.month === before.month
    assert.ok(sameMonth ? date.day === before.day + 1 : date.day === 1, dateText(day))
    assert.equal(dayOf(date.year, date.month, date.day), day)
    before = date
  }
})

test('a date before year 0 has a minus, one after 9999 a plus', () => {
  assert.equal(dateText(dayOf(-43, 3, 15)), '-0043-03-15')
  assert.equal(dateText(dayOf(0, 12, 31)), '0000-12-31')
  assert.equal(dateText(dayOf(12_345, 1, 2)), '+12345-01-02')
})

test('a time of day has the digits of its fraction that it needs, or those asked for', () => {
  assert.equal(timeText(0), '00:00:00')
  assert.equal(timeText(49_890_123_400), '13:51:30.1234')
  assert.equal(paddedTimeText(49_890_123_400, 6), '13:51:30.123400')
  assert.equal(paddedTimeText(49_890_000_000, 3), '13:51:30.000')
  assert.equal(paddedTimeText(49_890_000_000, 0), '13:51:30')
})
