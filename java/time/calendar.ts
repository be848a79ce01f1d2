import { MS_PER_DAY } from '../../api/data/logical.ts'

/*
 * Days are counted from 1970-01-01. Years are astronomical: 0 is 1 BC. Months start at 0.
 */

/** Dates before 1582-10-15 use the Julian calendar, as in Java's GregorianCalendar. */
const CUTOVER_DAY = -141_427
const CUTOVER_YEAR = 1582
const EPOCH_JULIAN_DAY = 2_440_588

export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

type Calendar = 'gregorian' | 'julian'

/** Returns the first day of a month. The month may be outside of the year. */
export function firstOfMonth(calendar: Calendar, year: number, month: number): number {
  const wholeYear = year + Math.floor(month / 12)
  const monthOfYear = ((month % 12) + 12) % 12
  const fromMarch = (monthOfYear + 10) % 12
  const y = wholeYear + 4800 - (monthOfYear < 2 ? 1 : 0)
  const days = 1 + Math.floor((153 * fromMarch + 2) / 5) + 365 * y + Math.floor(y / 4)
  const leapless = calendar === 'julian' ? -32_083 : Math.floor(y / 400) - Math.floor(y / 100) - 32_045
  return days + leapless - EPOCH_JULIAN_DAY
}

/**
 * Returns the day of a date, given its day in each calendar. The ten days of October 1582 that exist in neither are
 * Julian. Source: GregorianCalendar.computeTime.
 */
export function resolveDay(
  year: number,
  ofCalendar: (calendar: Calendar) => number,
  relativeToYear: boolean,
): number {
  if (year > CUTOVER_YEAR) {
    const day = ofCalendar('gregorian')
    if (day >= CUTOVER_DAY) return day
  }
  const julian = ofCalendar('julian')
  if (year < CUTOVER_YEAR || relativeToYear) return julian
  const gregorian = ofCalendar('gregorian')
  return gregorian >= CUTOVER_DAY ? gregorian : julian
}

/** Returns the day of January 1. */
export function startOfYear(year: number): number {
  return firstOfMonth(year > CUTOVER_YEAR ? 'gregorian' : 'julian', year, 0)
}

/** Returns the first day of the month of a date. */
export function startOfMonth({ year, month }: CivilDate): number {
  return resolveDay(year, (calendar) => firstOfMonth(calendar, year, month), false)
}

export function civilDate(day: number): CivilDate {
  if (day < CUTOVER_DAY) return julianDate(day)
  const date = new Date(day * MS_PER_DAY)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() }
}

function julianDate(day: number): CivilDate {
  const c = day + EPOCH_JULIAN_DAY + 32_082
  const d = Math.floor((4 * c + 3) / 1461)
  const e = c - Math.floor((1461 * d) / 4)
  const m = Math.floor((5 * e + 2) / 153)
  const month = (m + 2) % 12
  return { year: d - 4800 + (m >= 10 ? 1 : 0), month, day: e - Math.floor((153 * m + 2) / 5) + 1 }
}

/** Sunday is 0. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

/** Returns the last day with the given weekday that is not after `day`. */
export const weekdayUpTo = (day: number, weekday: number): number =>
  day - ((((weekdayOf(day) - weekday) % 7) + 7) % 7)
