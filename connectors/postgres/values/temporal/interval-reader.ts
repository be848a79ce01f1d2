import { int64 } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import { infinityAt, unexpected } from './scan.ts'

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)
/** A year has 365.25 days, and twelve equal months. */
const DAYS_PER_MONTH = 30.4375

const MINUS = 0x2d
const PLUS = 0x2b
const COLON = 0x3a
const SPACE = 0x20
const POINT = 0x2e
const ZERO = 0x30
const LETTER_D = 0x64
const LETTER_M = 0x6d
const LETTER_Y = 0x79

/** An interval as PostgreSQL prints it: each part has its own sign. */
interface Interval {
  years: number
  months: number
  days: number
  hours: number
  minutes: number
  /** Seconds with their fraction, in microseconds. */
  micros: number
}

/**
 * Reads `interval`: in mode `numeric` as microseconds of average months, limited to 64 bits; in mode `string` as an ISO
 * 8601 duration with all parts. The text is in `IntervalStyle` postgres.
 *
 * Source: PostgresValueConverter.convertInterval, MicroDuration, Interval.
 */
export function intervalReader(mode: 'numeric' | 'string'): BaseReader {
  const name = mode === 'string' ? 'io.debezium.time.Interval' : 'io.debezium.time.MicroDuration'
  const value: (interval: Interval) => unknown = mode === 'string' ? isoText : averageMicros
  const infinities = mode === 'string' ? ['-infinity', 'infinity'] : [MIN_INT64, MAX_INT64]
  const read = (bytes: Buffer, start: number, end: number): unknown => {
    const sign = infinityAt(bytes, start, end)
    if (sign !== 0) return infinities[sign > 0 ? 1 : 0]
    return value(scanInterval(bytes, start, end) ?? refuse(bytes, start, end))
  }
  return {
    schema: { type: mode === 'string' ? 'string' : 'int64', name, version: 1 },
    read,
    unavailable: null,
    zero: value(cleared(newInterval())),
    generatedDefault: '00:00:00',
    parseDefault: (text) => {
      const bytes = Buffer.from(text, 'latin1')
      const interval = scanInterval(bytes, 0, bytes.length)
      return interval === undefined ? undefined : value(interval)
    },
  }
}

function refuse(bytes: Buffer, start: number, end: number): never {
  throw unexpected(
    bytes.toString('latin1', start, end),
    'an interval such as 1 year 2 mons -3 days 04:05:06.7',
  )
}

/** In double arithmetic, as in Java, which loses microseconds of more than 285 years. */
function averageMicros({ years, months, days, hours, minutes, micros }: Interval): number | bigint {
  const allDays = (years * 12 + months) * DAYS_PER_MONTH + days
  const whole = Math.trunc(micros / 1_000_000)
  const seconds = whole + (micros - whole * 1_000_000) / 1_000_000
  const total = Math.trunc((((allDays * 24 + hours) * 60 + minutes) * 60 + seconds) * 1e6)
  if (Number.isSafeInteger(total)) return total === 0 ? 0 : total
  if (total >= 2 ** 63) return MAX_INT64
  return total <= -(2 ** 63) ? MIN_INT64 : int64(BigInt(total))
}

function isoText({ years, months, days, hours, minutes, micros }: Interval): string {
  return `P${years}Y${months}M${days}DT${hours}H${minutes}M${secondsText(micros)}S`
}

function secondsText(micros: number): string {
  const absolute = Math.abs(micros)
  const whole = Math.floor(absolute / 1_000_000)
  const fraction = absolute - whole * 1_000_000
  const text = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
  return `${micros < 0 ? '-' : ''}${whole}${text}`
}

/** The interval that was read last. Reused for all rows. */
const last = newInterval()

function newInterval(): Interval {
  return { years: 0, months: 0, days: 0, hours: 0, minutes: 0, micros: 0 }
}

function cleared(interval: Interval): Interval {
  interval.years = interval.months = interval.days = 0
  interval.hours = interval.minutes = interval.micros = 0
  return interval
}

/** Returns the interval, which is valid until the next call, or undefined for a text of another format. */
function scanInterval(bytes: Buffer, start: number, end: number): Interval | undefined {
  const interval = cleared(last)
  let at = start
  while (at < end) {
    const first = bytes[at]!
    const sign = first === MINUS ? -1 : 1
    if (first === MINUS || first === PLUS) at++
    const digits = endOfDigits(bytes, at, end)
    if (digits === at || digits === end) return undefined
    const amount = numberAt(bytes, at, digits)
    if (bytes[digits] === COLON) return withClock(interval, bytes, at, end, sign)
    if (bytes[digits] !== SPACE || !setPart(interval, bytes[digits + 1], amount * sign)) return undefined
    at = endOfWord(bytes, digits + 1, end) + 1
  }
  return start === end ? undefined : interval
}

/** Sets the part whose unit, such as `mons`, starts with the letter. */
function setPart(interval: Interval, letter: number | undefined, amount: number): boolean {
  if (letter === LETTER_Y) interval.years = amount
  else if (letter === LETTER_M) interval.months = amount
  else if (letter === LETTER_D) interval.days = amount
  else return false
  return true
}

/** Reads `04:05:06.7`, which is the last part. The hours may have more digits; the sign is that of all parts. */
function withClock(interval: Interval, bytes: Buffer, at: number, end: number, sign: number) {
  const hours = endOfDigits(bytes, at, end)
  const minutes = endOfDigits(bytes, hours + 1, end)
  const seconds = endOfDigits(bytes, minutes + 1, end)
  const isComplete = minutes > hours + 1 && bytes[minutes] === COLON && seconds > minutes + 1
  if (!isComplete || (seconds < end && bytes[seconds] !== POINT)) return undefined
  if (seconds < end && endOfDigits(bytes, seconds + 1, end) !== end) return undefined
  let fraction = 0
  for (let place = seconds + 1, unit = 100_000; place < end; place++, unit /= 10) {
    fraction += (bytes[place]! - ZERO) * unit
  }
  interval.hours = numberAt(bytes, at, hours) * sign
  interval.minutes = numberAt(bytes, hours + 1, minutes) * sign
  interval.micros = (numberAt(bytes, minutes + 1, seconds) * 1_000_000 + fraction) * sign
  return interval
}

function endOfDigits(bytes: Buffer, at: number, end: number): number {
  let place = at
  while (place < end && bytes[place]! >= ZERO && bytes[place]! <= ZERO + 9) place++
  return place
}

function endOfWord(bytes: Buffer, at: number, end: number): number {
  let place = at
  while (place < end && bytes[place] !== SPACE) place++
  return place
}

function numberAt(bytes: Buffer, at: number, end: number): number {
  let value = 0
  for (let place = at; place < end; place++) value = value * 10 + bytes[place]! - ZERO
  return value
}
