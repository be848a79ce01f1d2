import { MS_PER_DAY } from '../../../../api/index.ts'
import { languageOf } from '../locales/locale-names.ts'
import { textOfOffset } from './offset-text.ts'
import type { TimeZone } from './time-zone.ts'
import { zoneAbbreviation } from './zone-abbreviations.ts'

/** A text that Node.js writes for a zone without a name. */
const isOffset = (text: string): boolean => /^(?:GMT|UTC)?[+\u{2212}-]\d/u.test(text)

/**
 * Returns the text of a time zone for the letter `z`, by instant: an abbreviation, or the long name.
 *
 * Source: DateTimeZone.getShortName and getName. Differs: long names come from the Unicode data of Node.js.
 */
export function zoneText(zone: TimeZone, locale: string, long: boolean): (instant: number) => string {
  if (/^[+-]/.test(zone.id)) return () => zone.id
  const language = languageOf(locale) ?? 'en'
  const local = nameIn(language, zone.id, long)
  const english = nameIn('en', zone.id, true)
  return (instant) => {
    const summer = isSummer(zone, english(instant), instant)
    const abbreviation = zoneAbbreviation(zone.id, summer)
    // Node.js has no names before 1970
    const named = [instant, ...monthsOf2024].find((time) => {
      return !isOffset(english(time)) && isSummer(zone, english(time), time) === summer
    })
    const text = named !== undefined && (long || language !== 'en') ? local(named) : ''
    if (text !== '' && !isOffset(text) && (long || text !== 'UTC')) return text
    return (long ? undefined : abbreviation) ?? textOfOffset(zone.offsetAt(instant))
  }
}

const monthsOf2024 = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15))

function nameIn(language: string, zoneId: string, long: boolean): (instant: number) => string {
  const format = new Intl.DateTimeFormat(language, {
    timeZone: zoneId,
    timeZoneName: long ? 'long' : 'short',
  })
  return (instant) => format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

/** Without a name that tells, the offset is that of summer if it is not the smallest of the year. */
function isSummer(zone: TimeZone, englishName: string, instant: number): boolean {
  if (!isOffset(englishName)) return /Summer|Daylight|Irish/.test(englishName)
  const months = Array.from({ length: 13 }, (_, month) => instant + (month - 6) * 30 * MS_PER_DAY)
  return months.some((time) => zone.offsetAt(time) < zone.offsetAt(instant))
}
