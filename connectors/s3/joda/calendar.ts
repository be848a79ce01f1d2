import { MS_PER_DAY } from '../../../api/index.ts'

/** Milliseconds in 400 years, after which the Gregorian calendar, days of the week included, repeats. */
export const MS_PER_CYCLE = 146_097 * MS_PER_DAY

/** The fields of a local time in the proleptic Gregorian calendar. */
export interface CalendarFields {
  /** 0 is the year before 1, and -1 the year before that. */
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly dayOfMonth: number
  readonly dayOfYear: number
  /** 1 is Monday. */
  readonly dayOfWeek: number
  /** The year of the ISO week. */
  readonly weekyear: number
  readonly week: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly milli: number
}

/** Returns the fields of a local time in milliseconds. `cycles` moves the year by as many times 400 years. */
export function calendarFields(local: number, cycles: number): CalendarFields {
  const days = Math.floor(local / MS_PER_DAY)
  const ms = local - days * MS_PER_DAY
  const { year, month, dayOfMonth } = dateOfDays(days)
  const dayOfYear = days - daysOfDate(year, 1, 1) + 1
  const dayOfWeek = dayOfWeekOf(days)
  // The year of a week is that of its Thursday
  const thursday = days + 4 - dayOfWeek
  const weekyear = dateOfDays(thursday).year
  return {
    year: year + cycles * 400,
    month,
    dayOfMonth,
    dayOfYear,
    dayOfWeek,
    weekyear: weekyear + cycles * 400,
    week: Math.floor((thursday - daysOfDate(weekyear, 1, 1)) / 7) + 1,
    hour: Math.floor(ms / 3_600_000),
    minute: Math.floor(ms / 60_000) % 60,
    second: Math.floor(ms / 1000) % 60,
    milli: ms % 1000,
  }
}

/** Returns the day of the week, 1 for Monday, of a number of days since the epoch. */
export function dayOfWeekOf(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1
}

/** Returns the days since the epoch of a date. The month and the day may be out of range. */
export function daysOfDate(year: number, month: number, day: number): number {
  // Counts years from March, so that the leap day is the last day of the year
  const shifted = month > 2 ? year : year - 1
  const cycle = Math.floor(shifted / 400)
  const yearOfCycle = shifted - cycle * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfCycle =
    yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear
  return cycle * 146_097 + dayOfCycle - 719_468
}

interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly dayOfMonth: number
}

function dateOfDays(days: number): CalendarDate {
  const shifted = days + 719_468
  const cycle = Math.floor(shifted / 146_097)
  const dayOfCycle = shifted - cycle * 146_097
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return {
    year: yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  }
}

/** Returns the number of days of a month. */
export function daysOfMonth(year: number, month: number): number {
  return (
    daysOfDate(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - daysOfDate(year, month, 1)
  )
}

/** Returns the days since the epoch of the Monday of the first week of a weekyear. */
export function firstWeekOf(weekyear: number): number {
  const fourth = daysOfDate(weekyear, 1, 4)
  return fourth + 1 - dayOfWeekOf(fourth)
}
