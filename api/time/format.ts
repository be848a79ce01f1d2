import { MS_PER_DAY } from '../data/logical.ts'
import { dayNames, eras, halves, monthNames } from './names.ts'
import type { PatternPart } from './pattern.ts'

/** Writes a date in UTC by the parts of a pattern. Source: SimpleDateFormat.format in the locale en_US. */
export function formatParts(parts: readonly PatternPart[], date: Date): string {
  return parts.map((part) => ('text' in part ? part.text : field(part.letter, part.count, date))).join('')
}

const padded = (value: number, count: number): string =>
  value < 0 ? `-${String(-value).padStart(count, '0')}` : String(value).padStart(count, '0')

function field(letter: string, count: number, date: Date): string {
  switch (letter) {
    case 'G':
      return eras[date.getUTCFullYear() > 0 ? 1 : 0] ?? ''
    case 'y':
      return year(date.getUTCFullYear(), count)
    case 'Y':
      return year(weekYear(date), count)
    case 'M':
    case 'L':
      return month(date.getUTCMonth(), count)
    case 'E':
      return (dayNames[date.getUTCDay()] ?? '').slice(0, count >= 4 ? undefined : 3)
    case 'a':
      return halves[date.getUTCHours() < 12 ? 0 : 1] ?? ''
    case 'z':
      return count >= 4 ? 'Coordinated Universal Time' : 'UTC'
    case 'Z':
      return '+0000'
    case 'X':
      return 'Z'
    default:
      return padded(numbers[letter]?.(date) ?? 0, count)
  }
}

function year(value: number, count: number): string {
  const ofEra = value > 0 ? value : 1 - value
  return count === 2 ? padded(ofEra % 100, 2) : padded(ofEra, count)
}

function month(index: number, count: number): string {
  const name = monthNames[index] ?? ''
  if (count >= 4) return name
  return count === 3 ? name.slice(0, 3) : padded(index + 1, count)
}

const numbers: Readonly<Record<string, (date: Date) => number>> = {
  d: (date) => date.getUTCDate(),
  H: (date) => date.getUTCHours(),
  k: (date) => date.getUTCHours() || 24,
  K: (date) => date.getUTCHours() % 12,
  h: (date) => date.getUTCHours() % 12 || 12,
  m: (date) => date.getUTCMinutes(),
  s: (date) => date.getUTCSeconds(),
  S: (date) => date.getUTCMilliseconds(),
  u: (date) => date.getUTCDay() || 7,
  D: dayOfYear,
  F: (date) => Math.ceil(date.getUTCDate() / 7),
  w: weekOfYear,
  W: (date) => Math.ceil((date.getUTCDate() + firstWeekday(date.getUTCFullYear(), date.getUTCMonth())) / 7),
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - startOf(date.getUTCFullYear(), 0)) / MS_PER_DAY) + 1
}

/** Weeks begin on Sunday, and the first is the one with January 1. */
function weekOfYear(date: Date): number {
  if (weekYear(date) > date.getUTCFullYear()) return 1
  return Math.ceil((dayOfYear(date) + firstWeekday(date.getUTCFullYear(), 0)) / 7)
}

function weekYear(date: Date): number {
  const next = date.getUTCFullYear() + 1
  const firstWeek = startOf(next, 0) - firstWeekday(next, 0) * MS_PER_DAY
  return date.getTime() >= firstWeek ? next : next - 1
}

/** Weekday of the first of a month, Sunday as 0. */
function firstWeekday(fullYear: number, monthIndex: number): number {
  return new Date(startOf(fullYear, monthIndex)).getUTCDay()
}

/** Unlike Date.UTC, years below 100 are meant as they are. */
export function startOf(fullYear: number, monthIndex: number): number {
  return new Date(0).setUTCFullYear(fullYear, monthIndex, 1)
}
