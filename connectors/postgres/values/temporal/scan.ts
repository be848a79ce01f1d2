import { ConnectError } from '../../../../api/index.ts'
import { dayOf } from './calendar.ts'

/*
 * Reads dates and times in the format of `DateStyle` ISO. The common forms are read at fixed places, because the server
 * has checked the digits; all others, such as years with five digits or BC, by a regular expression.
 */

export const MICROS_PER_DAY = 86_400_000_000
const MICROS_PER_SECOND = 1_000_000

const DASH = 0x2d
const COLON = 0x3a
const SPACE = 0x20
const POINT = 0x2e
const PLUS = 0x2b
const ZERO = 0x30

/** A day and a time of day, in microseconds. */
export interface Moment {
  days: number
  micros: number
}

const DATE = String.raw`(\d{4,7})-(\d\d)-(\d\d)`
const TIME = String.raw`(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?`
const OFFSET = String.raw`([+-])(\d\d)(?::(\d\d)(?::(\d\d))?)?`
const dateForm = new RegExp(`^${DATE}(?: ${TIME}(?:${OFFSET})?)?( BC)?$`)
const timeForm = new RegExp(`^${TIME}(?:${OFFSET})?$`)

/** Returns the day number of a date of four-digit year, or undefined for any other form. */
export function plainDay(bytes: Buffer, start: number, end: number): number | undefined {
  return end - start === 10 && isDate(bytes, start) ? dayAt(bytes, start) : undefined
}

/** Whether a date of four-digit year starts at `at`. */
export function isDate(bytes: Buffer, at: number): boolean {
  return bytes[at + 4] === DASH && bytes[at + 7] === DASH
}

/** Whether a date and a time of day without fraction, zone and era start at `at`. */
function isDateAndTime(bytes: Buffer, at: number): boolean {
  return isDate(bytes, at) && bytes[at + 10] === SPACE && isTime(bytes, at + 11)
}

/** Whether a time of day starts at `at`. */
export function isTime(bytes: Buffer, at: number): boolean {
  return bytes[at + 2] === COLON && bytes[at + 5] === COLON
}

function dayAt(bytes: Buffer, at: number): number {
  const year = twoAt(bytes, at) * 100 + twoAt(bytes, at + 2)
  return dayOf(year, twoAt(bytes, at + 5), twoAt(bytes, at + 8))
}

/** The two digits at `at`. */
function twoAt(bytes: Buffer, at: number): number {
  return (bytes[at]! - ZERO) * 10 + bytes[at + 1]! - ZERO
}

/** The whole seconds of the time of day at `at`, in microseconds. */
function secondsAt(bytes: Buffer, at: number): number {
  const minutes = twoAt(bytes, at) * 60 + twoAt(bytes, at + 3)
  return (minutes * 60 + twoAt(bytes, at + 6)) * MICROS_PER_SECOND
}

/** The microseconds of the fraction whose digits are from `at` to `end`. */
function fractionAt(bytes: Buffer, at: number, end: number): number {
  let micros = 0
  let unit = 100_000
  for (let place = at; place < end; place++) {
    micros += (bytes[place]! - ZERO) * unit
    unit /= 10
  }
  return micros
}

/**
 * Where the time of day at `at`, which has no sign, ends: at `end`, or at the `+00` of UTC before it. Returns -1 if
 * anything else follows.
 */
function endOfTime(bytes: Buffer, at: number, end: number): number {
  const isUtc = bytes[end - 3] === PLUS && bytes[end - 2] === ZERO && bytes[end - 1] === ZERO
  const timeEnd = isUtc ? end - 3 : end
  if (timeEnd === at + 8) return timeEnd
  if (timeEnd < at + 10 || timeEnd > at + 15 || bytes[at + 8] !== POINT) return -1
  for (let place = at + 9; place < timeEnd; place++) {
    if (bytes[place]! < ZERO || bytes[place]! > ZERO + 9) return -1
  }
  return timeEnd
}

/** Where the time of day in UTC at `at` ends, or -1 if the time has another form. */
export function endOfPlainTime(bytes: Buffer, at: number, end: number): number {
  return end - at >= 8 && isTime(bytes, at) ? endOfTime(bytes, at, end) : -1
}

/** Where the timestamp of four-digit year in UTC at `at` ends, without zone; -1 if the timestamp has another form. */
export function endOfPlainTimestamp(bytes: Buffer, at: number, end: number): number {
  return end - at >= 19 && isDateAndTime(bytes, at) ? endOfTime(bytes, at + 11, end) : -1
}

/** Returns a time of day in microseconds, minus its offset from UTC: not in 0 to one day then. */
export function scanTime(bytes: Buffer, start: number, end: number): number {
  const timeEnd = endOfPlainTime(bytes, start, end)
  if (timeEnd > 0) return secondsAt(bytes, start) + fractionAt(bytes, start + 9, timeEnd)
  const text = bytes.toString('latin1', start, end)
  const time = parseTime(text)
  if (time === undefined) throw unexpected(text, 'a time such as 01:02:03.456 or 01:02:03+02')
  return time
}

/** Returns the time of day in a text, as {@link scanTime} does, or undefined if it contains none. */
export function parseTime(text: string): number | undefined {
  const match = timeForm.exec(text)
  return match === null ? undefined : microsOf(match, 1) - offsetOf(match, 5)
}

/** Reads a timestamp, in UTC if it has an offset, into `moment`. The text is not `infinity` or `-infinity`. */
export function scanTimestamp(bytes: Buffer, start: number, end: number, moment: Moment): void {
  const timeEnd = endOfPlainTimestamp(bytes, start, end)
  if (timeEnd > 0) {
    moment.days = dayAt(bytes, start)
    moment.micros = secondsAt(bytes, start + 11) + fractionAt(bytes, start + 20, timeEnd)
    return
  }
  const text = bytes.toString('latin1', start, end)
  const parsed = parseTimestamp(text)
  if (parsed === undefined) throw unexpected(text, 'a date or timestamp such as 2020-01-31 01:02:03.456')
  moment.days = parsed.days
  moment.micros = parsed.micros
}

/** Returns the date or timestamp in a text, in UTC, or undefined if it contains none. */
export function parseTimestamp(text: string): Moment | undefined {
  const match = dateForm.exec(text)
  if (match === null) return undefined
  const year = match[12] === undefined ? Number(match[1]) : 1 - Number(match[1])
  const days = dayOf(year, Number(match[2]), Number(match[3]))
  if (match[4] === undefined) return { days, micros: 0 }
  const micros = microsOf(match, 4) - offsetOf(match, 8)
  const shift = Math.floor(micros / MICROS_PER_DAY)
  return { days: days + shift, micros: micros - shift * MICROS_PER_DAY }
}

/** Whether a text is infinity (1), -infinity (-1) or finite (0). */
export function infinityAt(bytes: Buffer, start: number, end: number): -1 | 0 | 1 {
  const length = end - start
  if (length !== 8 && length !== 9) return 0
  const text = bytes.toString('latin1', start, end)
  return infinityOf(text)
}

export function infinityOf(text: string): -1 | 0 | 1 {
  if (text === 'infinity') return 1
  return text === '-infinity' ? -1 : 0
}

/** Microseconds of the four groups of a time from `group`. */
function microsOf(match: RegExpExecArray, group: number): number {
  const minutes = Number(match[group]) * 60 + Number(match[group + 1])
  const fraction = Number((match[group + 3] ?? '').padEnd(6, '0'))
  return (minutes * 60 + Number(match[group + 2])) * MICROS_PER_SECOND + fraction
}

/** Microseconds of the four groups of an offset from `group`; 0 if there is none. */
function offsetOf(match: RegExpExecArray, group: number): number {
  const minutes = Number(match[group + 1] ?? 0) * 60 + Number(match[group + 2] ?? 0)
  const micros = (minutes * 60 + Number(match[group + 3] ?? 0)) * MICROS_PER_SECOND
  return match[group] === '-' ? -micros : micros
}

export function unexpected(text: string, expected: string): ConnectError {
  const message = `PostgreSQL sent '${text}', expected ${expected}. Check that nothing changes DateStyle and IntervalStyle of the connector's sessions.`
  return new ConnectError('HR_DATA_INVALID', message)
}
