/*
 * Equivalents of Joda-Time's time zones, patterns, ISO parser and periods of a day, which Confluent's storage library uses.
 */
export { instantOfLocal } from './zones/conversion.ts'
export { calendarFields } from './calendar.ts'
export { endOfPeriod } from './day-periods.ts'
export { parseIsoDateTime } from './iso-date-time.ts'
export { FAR_MS, nearerTime, toLong } from './long.ts'
export type { Long } from './long.ts'
export { compilePattern } from './pattern.ts'
export type { PrintedTime } from './pattern.ts'
export { TimeZone } from './zones/time-zone.ts'
export { zoneFault, zoneForId } from './zones/zone-id.ts'
