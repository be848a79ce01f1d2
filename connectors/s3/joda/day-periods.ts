import { MS_PER_DAY } from '../../../api/index.ts'
import { instantOfLocal, instantOfLocalNear, offsetOfLocal } from './zones/conversion.ts'
import type { TimeZone } from './zones/time-zone.ts'

const MS_PER_HOUR = 3_600_000
/**
 * Returns the end of the period that contains an instant. Periods of `periodMs` follow each other from the start of each day
 * in the zone; the last one ends with the day.
 *
 * Source: DateTimeUtils.getNextTimeAdjustedByDay of Confluent's storage library.
 */
export function endOfPeriod(zone: TimeZone, instant: number, periodMs: number): number {
  const start = startOfDay(zone, instant)
  const localTomorrow = start + zone.offsetAt(start) + MS_PER_DAY
  const tomorrow = localTomorrow - offsetOfLocal(zone, localTomorrow)
  const next = (Math.trunc((instant - start) / periodMs) + 1) * periodMs
  return start + Math.min(next, tomorrow - start)
}

/** Returns the first instant of the day that contains an instant. Source: DateTime.withTimeAtStartOfDay. */
function startOfDay(zone: TimeZone, instant: number): number {
  const midnight = floorToDay(instant + zone.offsetAt(instant))
  // A time at which the offset rarely changes
  const morning = instantOfLocal(zone, midnight + 6 * MS_PER_HOUR)
  const start = instantOfLocalNear(zone, floorToDay(morning + zone.offsetAt(morning)), morning)
  return earlierOfTwo(zone, start)
}

const floorToDay = (local: number): number => Math.floor(local / MS_PER_DAY) * MS_PER_DAY

/** Returns the earlier instant with the same local time, if there is one. Source: DateTimeZone.adjustOffset. */
function earlierOfTwo(zone: TimeZone, instant: number): number {
  const before = instant - 3 * MS_PER_HOUR
  const overlap = zone.offsetAt(before) - zone.offsetAt(instant + 3 * MS_PER_HOUR)
  if (overlap <= 0) return instant
  const change = zone.changeWithin(before, before + 6 * MS_PER_HOUR)
  if (change === undefined || instant < change || instant >= change + overlap) return instant
  return instant - overlap
}
