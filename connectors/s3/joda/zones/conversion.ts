import { MS_PER_DAY } from '../../../../api/index.ts'
import type { TimeZone } from './time-zone.ts'

/**
 * Returns the instant of a local time. A time that occurs twice is the earlier of the two instants, except next to a
 * change at which the earlier offset is not the one in force; a time that is left out moves behind the gap.
 *
 * Source: DateTimeZone.convertLocalToUTC, not strict.
 */
export function instantOfLocal(zone: TimeZone, local: number): number {
  const estimate = zone.offsetAt(local)
  const offset = zone.offsetAt(local - estimate)
  if (estimate === offset || estimate >= 0) return local - offset
  const [first, second] = [local - estimate, local - offset]
  // In a gap of a zone behind UTC, the estimate is the right offset
  const inGap = zone.changeWithin(Math.min(first, second), Math.max(first, second)) !== undefined
  return inGap ? first : second
}

/** Like {@link instantOfLocal}, but keeps the offset of a nearby instant if it is in force. */
export function instantOfLocalNear(zone: TimeZone, local: number, near: number): number {
  const offset = zone.offsetAt(near)
  return zone.offsetAt(local - offset) === offset ? local - offset : instantOfLocal(zone, local)
}

/**
 * Returns the offset of a local time: the earlier offset of a time that occurs twice.
 *
 * Source: DateTimeZone.getOffsetFromLocal.
 */
export function offsetOfLocal(zone: TimeZone, local: number): number {
  const estimate = zone.offsetAt(local)
  const instant = local - estimate
  const offset = zone.offsetAt(instant)
  if (estimate !== offset) {
    if (estimate > offset) return offset
    const other = local - offset
    const inGap = zone.changeWithin(Math.min(instant, other), Math.max(instant, other)) !== undefined
    return inGap ? estimate : offset
  }
  if (estimate < 0) return offset
  const change = zone.lastChangeWithin(instant - 2 * MS_PER_DAY, instant)
  if (change === undefined) return offset
  const before = zone.offsetAt(change - 1)
  return instant - (change - 1) <= before - estimate ? before : offset
}
