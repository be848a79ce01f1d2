import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * Writes days.csv, which the demo copies: each day from 1900 to 2179 in five calendars. Run with
 *
 *   npx tsc && node dist/integration-tests/demo/data/make-days.js
 *
 * All dates are computed, by this file and by the calendars of Node's Intl.
 */

const MS_PER_DAY = 24 * 60 * 60 * 1000
const FIRST = Date.UTC(1900, 0, 1)
const END = Date.UTC(2180, 0, 1)
/** Julian day number of 1970-01-01, starting at noon. */
const EPOCH_JULIAN_DAY = 2_440_588
const THURSDAY = 4

const islamic = dateIn('islamic-civil')
const coptic = dateIn('coptic')

function dateIn(calendar: string): (day: Date) => string {
  const format = new Intl.DateTimeFormat('en', {
    calendar,
    timeZone: 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return (day) => {
    const parts = Object.fromEntries(format.formatToParts(day).map(({ type, value }) => [type, value]))
    return `${parts['year']}-${parts['month']}-${parts['day']}`
  }
}

/** Source: ISO 8601: a week belongs to the year of its Thursday. */
function isoWeekDate(day: Date): string {
  const weekday = day.getUTCDay() || 7
  const thursday = new Date(day.getTime() + (THURSDAY - weekday) * MS_PER_DAY)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / MS_PER_DAY / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}-${weekday}`
}

const target = join(
  fileURLToPath(new URL('../../../../', import.meta.url)),
  'integration-tests/demo/data/days.csv',
)
const out = createWriteStream(target)
out.write('day,iso_week,julian_day,islamic_civil,coptic\n')
for (let at = FIRST; at < END; at += MS_PER_DAY) {
  const day = new Date(at)
  const julianDay = at / MS_PER_DAY + EPOCH_JULIAN_DAY
  const columns = [day.toISOString().slice(0, 10), isoWeekDate(day), julianDay, islamic(day), coptic(day)]
  out.write(`${columns.join(',')}\n`)
}
out.end()
