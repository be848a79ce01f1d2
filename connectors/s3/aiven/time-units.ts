import { zoneForId } from '../joda/index.ts'

/** The parts of a time that names may contain. */
export interface TimeUnits {
  readonly yyyy: string
  readonly MM: string
  readonly dd: string
  readonly HH: string
}

export type TimeUnit = keyof TimeUnits

/** The parts of a time are the same within this span, in all time zones since 1972. */
const QUARTER_HOUR_MS = 15 * 60_000

/**
 * Returns the function that divides a time, in milliseconds since the epoch, into parts in a time zone.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` for an unknown zone. Source: StableTimeFormatter.
 */
export function timeUnits(zoneId: string): (time: number) => TimeUnits {
  const zone = zoneForId(zoneId)
  let quarter = NaN
  let units: TimeUnits = { yyyy: '', MM: '', dd: '', HH: '' }
  return (time) => {
    const current = Math.floor(time / QUARTER_HOUR_MS)
    if (current !== quarter) {
      quarter = current
      units = unitsOf(time + zone.offsetAt(time))
    }
    return units
  }
}

function unitsOf(local: number): TimeUnits {
  const [, yyyy = '', MM = '', dd = '', HH = ''] =
    /^[+-]?\d*?(\d{4})-(\d\d)-(\d\d)T(\d\d)/.exec(new Date(local).toISOString()) ?? []
  return { yyyy, MM, dd, HH }
}
