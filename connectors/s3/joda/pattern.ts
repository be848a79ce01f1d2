import { ConnectError } from '../../../api/index.ts'
import type { CalendarFields } from './calendar.ts'
import { localeNames, type LocaleNames } from './locales/locale-names.ts'
import type { TimeZone } from './zones/time-zone.ts'
import { zoneText } from './zones/zone-text.ts'

/** A time to be printed. */
export interface PrintedTime {
  readonly fields: CalendarFields
  /** Offset from UTC in milliseconds. */
  readonly offset: number
  /** Milliseconds since the epoch, or an instant with the same name of the time zone. */
  readonly instant: number
}

type Printer = (time: PrintedTime) => string
type Field = (fields: CalendarFields) => number

/**
 * Compiles a pattern of Joda-Time, such as `'year'=YYYY/'month'=MM`.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` for a pattern with a letter that has no meaning. Source: DateTimeFormat.forPattern.
 */
export function compilePattern(pattern: string, zone: TimeZone, locale: string): Printer {
  if (pattern === '') throw new ConnectError('HR_ILLEGAL_ARGUMENT', 'Invalid pattern specification')
  const names = localeNames(locale)
  const printers = tokensOf(pattern).map((token): Printer => {
    if (token.startsWith("'")) return () => token.slice(1)
    return token[0] === 'z' || token[0] === 'Z'
      ? zonePrinter(token, zone, locale)
      : fieldPrinter(token, names)
  })
  return (time) => printers.map((print) => print(time)).join('')
}

/** Splits a pattern into runs of a letter, and texts, which start with a quote. */
function tokensOf(pattern: string): string[] {
  const tokens: string[] = []
  for (let i = 0; i < pattern.length;) {
    const run = /^([A-Za-z])\1*/.exec(pattern.slice(i))?.[0]
    const { token, length } = run === undefined ? textToken(pattern, i) : { token: run, length: run.length }
    tokens.push(token)
    i += length
  }
  return tokens
}

/** Reads a text up to the next letter outside of quotes. Two quotes are a quote; a missing one at the end is added. */
function textToken(pattern: string, start: number): { token: string; length: number } {
  let token = "'"
  let quoted = false
  let i = start
  for (; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    if (char === "'" && pattern[i + 1] === "'") {
      token += char
      i++
    } else if (char === "'") {
      quoted = !quoted
    } else if (!quoted && /[A-Za-z]/.test(char)) {
      break
    } else {
      token += char
    }
  }
  return { token, length: i - start }
}

const numbers: Readonly<Record<string, Field>> = {
  C: ({ year }) => Math.trunc(Math.abs(year) / 100),
  Y: ({ year }) => (year <= 0 ? 1 - year : year),
  y: ({ year }) => year,
  x: ({ weekyear }) => weekyear,
  M: ({ month }) => month,
  d: ({ dayOfMonth }) => dayOfMonth,
  D: ({ dayOfYear }) => dayOfYear,
  e: ({ dayOfWeek }) => dayOfWeek,
  w: ({ week }) => week,
  H: ({ hour }) => hour,
  k: ({ hour }) => (hour === 0 ? 24 : hour),
  K: ({ hour }) => hour % 12,
  h: ({ hour }) => (hour % 12 === 0 ? 12 : hour % 12),
  m: ({ minute }) => minute,
  s: ({ second }) => second,
}

const named =
  (list: readonly string[], index: Field): Printer =>
  ({ fields }) =>
    list[index(fields)] ?? ''

function fieldPrinter(token: string, names: LocaleNames): Printer {
  const letter = token.charAt(0)
  const width = token.length
  if (letter === 'G') return named(names.eras, ({ year }) => (year <= 0 ? 0 : 1))
  if (letter === 'a') return named(names.halves, ({ hour }) => (hour < 12 ? 0 : 1))
  if (letter === 'E')
    return named(width >= 4 ? names.days : names.shortDays, ({ dayOfWeek }) => dayOfWeek - 1)
  if (letter === 'M' && width >= 3) {
    return named(width >= 4 ? names.months : names.shortMonths, ({ month }) => month - 1)
  }
  if (letter === 'S') return ({ fields }) => fractionText(fields.milli, width)
  const field = Object.hasOwn(numbers, letter) ? numbers[letter] : undefined
  if (field === undefined) {
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Illegal pattern component: ${token}`)
  }
  if (width === 2 && 'xyY'.includes(letter)) {
    // Two digits are those of the year itself, also for Y
    const year = letter === 'x' ? field : ({ year: value }: CalendarFields) => value
    return ({ fields }) => padded(Math.abs(year(fields)) % 100, 2)
  }
  return ({ fields }) => padded(field(fields), width)
}

function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, '0')
  return value < 0 ? `-${digits}` : digits
}

/** Java prints at most 15 digits of a fraction, but more zeros. */
function fractionText(milli: number, width: number): string {
  if (milli === 0) return '0'.repeat(width)
  const digits = String(milli).padStart(3, '0')
  return digits.slice(0, width).padEnd(Math.min(width, 15), '0')
}

function zonePrinter(token: string, zone: TimeZone, locale: string): Printer {
  if (token.startsWith('z')) {
    const text = zoneText(zone, locale, token.length >= 4)
    return ({ instant }) => text(instant)
  }
  if (token.length > 2) return () => zone.id
  const separator = token.length === 2 ? ':' : ''
  return ({ offset }) => {
    const minutes = Math.trunc(Math.abs(offset) / 60_000)
    return `${offset < 0 ? '-' : '+'}${padded(Math.trunc(minutes / 60), 2)}${separator}${padded(minutes % 60, 2)}`
  }
}
