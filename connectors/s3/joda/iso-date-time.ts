import { ConnectError, MS_PER_DAY } from '../../../api/index.ts'
import { daysOfDate, daysOfMonth, firstWeekOf } from './calendar.ts'
import { FAR_MS, nearerTime, toLong, type Long } from './long.ts'
import {
  fraction,
  invalidFormat,
  literal,
  number,
  offset,
  oneOf,
  optional,
  Reading,
  sequence,
  signedNumber,
  type ReadValue,
} from './text-parser.ts'
import { usualTime } from './usual-time.ts'
import { offsetOfLocal } from './zones/conversion.ts'
import type { TimeZone } from './zones/time-zone.ts'

const separated = (separator: string, ...rest: Parameters<typeof number>) =>
  sequence(literal(separator), number(...rest))
const fractionOf = (unitMs: number) => sequence(oneOf(literal('.'), literal(',')), fraction(unitMs))

const date = oneOf(
  sequence(
    signedNumber('year'),
    optional(sequence(separated('-', 'monthOfYear', 2), optional(separated('-', 'dayOfMonth', 2)))),
  ),
  sequence(
    signedNumber('weekyear'),
    separated('-W', 'weekOfWeekyear', 2),
    optional(separated('-', 'dayOfWeek', 1)),
  ),
  sequence(signedNumber('year'), separated('-', 'dayOfYear', 3)),
)

const timeOfDay = sequence(
  number('hourOfDay', 2),
  optional(
    sequence(
      separated(':', 'minuteOfHour', 2),
      optional(sequence(separated(':', 'secondOfMinute', 2), optional(fractionOf(1000))), fractionOf(60_000)),
    ),
    fractionOf(3_600_000),
  ),
)

const dateTime = oneOf(
  sequence(literal('T'), timeOfDay, optional(offset(true))),
  sequence(date, optional(sequence(literal('T'), optional(timeOfDay), optional(offset(true))))),
)

/**
 * Returns the instant of an ISO 8601 date or time, or both, in milliseconds since the epoch. A text without an offset is a
 * time in `zone`.
 *
 * Throws `HR_DATA_INVALID` with the Java class IllegalArgumentException. Source: ISODateTimeFormat.dateTimeParser.
 */
export function parseIsoDateTime(text: string, zone: TimeZone): Long {
  const usual = usualTime(text)
  if (usual !== undefined) return usual
  const reading = new Reading()
  const end = dateTime(reading, text, 0)
  if (end < text.length) throw failed(invalidFormat(text, end < 0 ? ~end : end))
  const local = localOf(reading.values, text)
  if (reading.offset !== undefined) return minus(local, reading.offset)
  const near = typeof local === 'bigint' ? nearerTime(local).time : local
  const offsetOfZone = offsetOfLocal(zone, near)
  if (zone.offsetAt(near - offsetOfZone) === offsetOfZone) return minus(local, offsetOfZone)
  const reason = `Illegal instant due to time zone offset transition (${zone.id})`
  throw failed(`Cannot parse "${text}": ${reason}`, 'org.joda.time.IllegalInstantException')
}

const minus = (time: Long, ms: number): Long =>
  typeof time === 'bigint' ? toLong(time - BigInt(ms)) : time - ms

/** The largest value of the fields that have a fixed one, and what one of them counts for. */
const timeFields = {
  hourOfDay: { max: 23, ms: 3_600_000 },
  minuteOfHour: { max: 59, ms: 60_000 },
  secondOfMinute: { max: 59, ms: 1000 },
  fraction: { max: Infinity, ms: 1 },
}

function localOf(values: readonly ReadValue[], text: string): Long {
  let [year, month, days, ms] = [1970, 1, 0, 0]
  for (const { field, value } of values) {
    const check = (min: number, max: number): void => {
      if (value < min || value > max) throw outOfRange(text, field, value, min, max)
    }
    switch (field) {
      case 'year':
        check(-292_275_055, 292_278_994)
        year = value
        days = daysOfDate(year, 1, 1)
        break
      case 'monthOfYear':
        check(1, 12)
        month = value
        days = daysOfDate(year, month, 1)
        break
      case 'dayOfMonth':
        check(1, daysOfMonth(year, month))
        days += value - 1
        break
      case 'dayOfYear':
        check(1, daysOfDate(year + 1, 1, 1) - days)
        days += value - 1
        break
      case 'weekyear':
        check(-292_275_055, 292_278_994)
        year = value
        days = firstWeekOf(year)
        break
      case 'weekOfWeekyear':
        // Java names 52 also for years that have more weeks
        check(1, value > 52 ? (firstWeekOf(year + 1) - days) / 7 : 52)
        days += (value - 1) * 7
        break
      case 'dayOfWeek':
        check(1, 7)
        days += value - 1
        break
      default:
        check(0, timeFields[field].max)
        ms += value * timeFields[field].ms
    }
  }
  const local = days * MS_PER_DAY + ms
  return Math.abs(local) < FAR_MS ? local : toLong(BigInt(days) * BigInt(MS_PER_DAY) + BigInt(ms))
}

function outOfRange(text: string, field: string, value: number, min: number, max: number): ConnectError {
  const reason = `Value ${value} for ${field} must be in the range [${min},${max}]`
  return failed(`Cannot parse "${text}": ${reason}`, 'org.joda.time.IllegalFieldValueException')
}

function failed(message: string, javaClass = 'java.lang.IllegalArgumentException'): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message, { javaClass })
}
