import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarFields, dayOfWeekOf, daysOfDate, daysOfMonth, firstWeekOf } from '../calendar.ts'

test('fields equal those of a JavaScript date over four centuries, also before 1970', () => {
  for (let time = Date.UTC(1790, 0, 1); time < Date.UTC(2210, 0, 1); time += 86_400_000 * 13 + 3_723_004) {
    const date = new Date(time)
    const { year, month, dayOfMonth, dayOfWeek, hour, minute, second, milli } = calendarFields(time, 0)
    assert.deepEqual(
      [year, month - 1, dayOfMonth, dayOfWeek % 7, hour, minute, second, milli],
      [
        date.getUTCFullYear(),
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCDay(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
        date.getUTCMilliseconds(),
      ],
    )
  }
})

test('a week belongs to the year of its Thursday', () => {
  const week = (year: number, month: number, day: number): string => {
    const { weekyear, week: number, dayOfWeek } = calendarFields(Date.UTC(year, month - 1, day), 0)
    return `${weekyear}-${number}-${dayOfWeek}`
  }
  assert.equal(week(2021, 1, 3), '2020-53-7')
  assert.equal(week(2021, 1, 4), '2021-1-1')
  assert.equal(week(2024, 12, 30), '2025-1-1')
  assert.equal(firstWeekOf(2025), daysOfDate(2024, 12, 30))
})

test('days and months are counted in leap years and before year 1', () => {
  assert.deepEqual(
    [1900, 2000, 2023, 2024].map((year) => daysOfMonth(year, 2)),
    [28, 29, 28, 29],
  )
  assert.equal(calendarFields(Date.UTC(2024, 11, 31), 0).dayOfYear, 366)
  assert.equal(calendarFields(-62_167_219_200_001, 0).year, -1)
  assert.equal(calendarFields(0, 3).year, 1970 + 1200)
  assert.equal(dayOfWeekOf(-4), 7)
})
