/*
 * Dates of the proleptic Gregorian calendar as day numbers from 1970-01-01. Years are astronomical: 0 is 1 BC, -43 is
 * 44 BC. Months and days start at 1. Without Date objects, which are slow and end in the year 275760.
 */

/** Days from 0000-03-01 to 1970-01-01. Years that start in March end with their leap day. */
const EPOCH_DAY = 719_468
const DAYS_PER_400_YEARS = 146_097
const DAYS_PER_100_YEARS = 36_524
const DAYS_PER_4_YEARS = 1461

export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Returns the day number of a date. */
export function dayOf(year: number, month: number, day: number): number {
  const fromMarch = month > 2 ? year : year - 1
  const cycle = Math.floor(fromMarch / 400)
  const inCycle = fromMarch - cycle * 400
  const dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + day - 1
  const leapDays = (inCycle >> 2) - ((inCycle / 100) | 0)
  return cycle * DAYS_PER_400_YEARS + inCycle * 365 + leapDays + dayOfYear - EPOCH_DAY
}

/** Returns the date of a day number. */
export function civilDate(day: number): CivilDate {
  const shifted = day + EPOCH_DAY
  const cycle = Math.floor(shifted / DAYS_PER_400_YEARS)
  const inCycle = shifted - cycle * DAYS_PER_400_YEARS
  const centuries = Math.min(3, (inCycle / DAYS_PER_100_YEARS) | 0)
  const inCentury = inCycle - centuries * DAYS_PER_100_YEARS
  const fours = (inCentury / DAYS_PER_4_YEARS) | 0
  const inFour = inCentury - fours * DAYS_PER_4_YEARS
  const years = Math.min(3, (inFour / 365) | 0)
  const dayOfYear = inFour - years * 365
  const fromMarch = ((5 * dayOfYear + 2) / 153) | 0
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = cycle * 400 + centuries * 100 + fours * 4 + years + (month <= 2 ? 1 : 0)
  return { year, month, day: dayOfYear - (((153 * fromMarch + 2) / 5) | 0) + 1 }
}

/** Returns a day number as `2020-01-31`, `-0043-03-15` or `+12345-01-01`. Source: DateTimeFormatter.ISO_LOCAL_DATE. */
export function dateText(dayNumber: number): string {
  const { year, month, day } = civilDate(dayNumber)
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`
}

function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0')
  if (year < 0) return `-${digits}`
  return digits.length > 4 ? `+${digits}` : digits
}

/** Returns a time of day in microseconds as `01:02:03.4`, without trailing zeros. Source: ISO_LOCAL_TIME. */
export function timeText(micros: number): string {
  const fraction = micros % 1_000_000
  const whole = clockText(micros)
  return fraction === 0 ? whole : `${whole}.${sixDigits(fraction).replace(/0+$/, '')}`
}

/** Returns a time of day in microseconds with exactly `digits` digits of its fraction. */
export function paddedTimeText(micros: number, digits: number): string {
  const whole = clockText(micros)
  return digits <= 0 ? whole : `${whole}.${sixDigits(micros % 1_000_000).slice(0, digits)}`
}

function clockText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000)
  const minutes = Math.floor(seconds / 60)
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value))
const sixDigits = (value: number): string => String(value).padStart(6, '0')
