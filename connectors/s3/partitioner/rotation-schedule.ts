import { endOfPeriod, zoneForId } from '../joda/index.ts'

/**
 * Returns the function of `rotate.schedule.interval.ms`: for a time, the next time at which objects are closed. Intervals
 * start at midnight in the time zone, and the last one of a day ends with it.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` for an unknown time zone. Source: DateTimeUtils.getNextTimeAdjustedByDay.
 */
export function rotationSchedule(intervalMs: number, timezone: string): (now: number) => number {
  const zone = zoneForId(timezone)
  return (now) => endOfPeriod(zone, now, intervalMs)
}
