import { MS_PER_DAY } from '../../api/data/logical.ts'
import { civilDate, startOfMonth, startOfYear, weekdayOf, type CivilDate } from './calendar.ts'
import { dayNames, eras, halves, monthNames } from './names.ts'
import type { PatternPart } from './pattern.ts'

/** A point in time, split into the values that pattern fields need. */
interface Moment extends CivilDate {
  /** Days since 1970-01-01. */
  readonly dayNumber: number
  readonly ms: number
}

/** Formats a date in UTC with a parsed pattern. Source: SimpleDateFormat.format in the locale en_US. */
export function formatParts(parts: readonly PatternPart[], date: Date): string {
  const dayNumber = Math.floor(date.getTime() / MS_PER_DAY)
  const moment = { ...civilDate(dayNumber), dayNumber, ms: date.getTime() - dayNumber * MS_PER_DAY }
  let text = ''
  for (const part of parts) text += 'text' in part ? part.text : field(part.letter, part.count, moment)
  return text
}

const padded = (value: number, count: number): string =>
  value < 0 ? `-${String(-value).padStart(count, '0')}` : String(value).padStart(count, '0')

function field(letter: string, count: number, moment: Moment): string {
  switch (letter) {
    case 'G':
      return eras[moment.year > 0 ? 1 : 0] ?? ''
    case 'y':
      return year(moment.year > 0 ? moment.year : 1 - moment.year, count)
    case 'Y':
      return year(weekYear(moment), count)
    case 'M':
    case 'L':
      return month(moment.month, count)
    case 'E':
      return (dayNames[weekdayOf(moment.dayNumber)] ?? '').slice(0, count >= 4 ? undefined : 3)
    case 'a':
      return halves[moment.ms < MS_PER_DAY / 2 ? 0 : 1] ?? ''
    case 'z':
      return count >= 4 ? 'Coordinated Universal Time' : 'UTC'
    case 'Z':
      return '+0000'
    case 'X':
      return 'Z'
    default:
      return padded(numbers[letter]?.(moment) ?? 0, count)
  }
}

const year = (value: number, count: number): string =>
  count === 2 ? padded(Math.abs(value) % 100, 2) : padded(value, count)

function month(index: number, count: number): string {
  const name = monthNames[index] ?? ''
  if (count >= 4) return name
  return count === 3 ? name.slice(0, 3) : padded(index + 1, count)
}

const hours = ({ ms }: Moment): number => Math.floor(ms / 3_600_000)

const numbers: Readonly<Record<string, (moment: Moment) => number>> = {
  d: ({ day }) => day,
  H: hours,
  k: (moment) => hours(moment) || 24,
  K: (moment) => hours(moment) % 12,
  h: (moment) => hours(moment) % 12 || 12,
  m: ({ ms }) => Math.floor(ms / 60_000) % 60,
  s: ({ ms }) => Math.floor(ms / 1000) % 60,
  S: ({ ms }) => ms % 1000,
  u: ({ dayNumber }) => weekdayOf(dayNumber) || 7,
  D: (moment) => moment.dayNumber - startOfYear(moment.year) + 1,
  F: (moment) => Math.ceil((moment.dayNumber - startOfMonth(moment) + 1) / 7),
  w: weekOfYear,
  W: (moment) => weekFrom(startOfMonth(moment), moment.dayNumber),
}

/** Returns the week number of a day, counted from `start`. Weeks start on Sunday; the first week may be shorter. */
function weekFrom(start: number, dayNumber: number): number {
  return Math.ceil((dayNumber - start + 1 + weekdayOf(start)) / 7)
}

function weekOfYear(moment: Moment): number {
  return weekYear(moment) > moment.year ? 1 : weekFrom(startOfYear(moment.year), moment.dayNumber)
}

/** Returns the week year: it starts on the Sunday of the week that contains January 1. */
function weekYear({ year: own, dayNumber }: Moment): number {
  const next = startOfYear(own + 1)
  return dayNumber >= next - weekdayOf(next) ? own + 1 : own
}
