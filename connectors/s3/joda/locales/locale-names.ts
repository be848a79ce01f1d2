import { differingNames } from './locale-differences.ts'

/** Names for the fields of a date, of one locale. */
export interface LocaleNames {
  /** From January. */
  readonly months: readonly string[]
  readonly shortMonths: readonly string[]
  /** From Monday. */
  readonly days: readonly string[]
  readonly shortDays: readonly string[]
  /** Before and after noon. */
  readonly halves: readonly string[]
  /** Before and after the start of year 1. */
  readonly eras: readonly string[]
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const days = 'Mon Tue Wed Thu Fri Sat Sun'.split(' ')

/** The names that Java uses for a locale that it does not know: abbreviations, also for the long names. */
const rootNames: LocaleNames = {
  months,
  shortMonths: months,
  days,
  shortDays: days,
  halves: ['AM', 'PM'],
  eras: ['BCE', 'CE'],
}

/** Languages that Node.js has names for and Java does not, and those that Java knows by an older code as well. */
const unknownToJava = new Set('ba cv ie nds oc sc st tn za'.split(' '))
const olderCodes = new Set('in iw ji mo tl'.split(' '))

/**
 * Returns the names for a `locale` setting.
 *
 * Java takes the whole setting as a language. `en-US` is therefore an unknown language, and gets the names of Java's root
 * locale, in which the long names of months and days are abbreviations.
 *
 * Source: GJLocaleSymbols, Java's DateFormatSymbols. Differs: the names are those of Java 17 with Node.js 20. They come from
 * the Unicode data of Node.js, which differ in details between versions, as they do between versions of Java.
 */
export function localeNames(locale: string): LocaleNames {
  const language = languageOf(locale)
  return language === undefined ? rootNames : { ...namesIn(language), ...differingNames(language) }
}

/** Returns the language of a `locale` setting; undefined if Java does not know it. */
export function languageOf(locale: string): string | undefined {
  const code = locale.toLowerCase()
  if (!/^[a-z]{2,8}$/.test(code) || unknownToJava.has(code)) return undefined
  const [language] = Intl.DateTimeFormat.supportedLocalesOf(code)
  return language === code || olderCodes.has(code) ? language : undefined
}

function namesIn(language: string): LocaleNames {
  const tag = `${language}-u-ca-gregory-nu-latn`
  const read = (type: string, options: Intl.DateTimeFormatOptions, times: readonly number[]): string[] => {
    const format = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options })
    return times.map((time) => format.formatToParts(time).find((part) => part.type === type)?.value ?? '')
  }
  const monthsAs = (month: 'long' | 'short'): string[] => {
    // Some languages inflect names within a date; others write numbers there
    const names = read('month', { month, day: 'numeric' }, middlesOfMonths)
    if (!names.some((name) => /^\d+$/.test(name))) return names
    const format = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month })
    return middlesOfMonths.map((time) => format.format(time))
  }
  const daysAs = (weekday: 'long' | 'short'): string[] =>
    read('weekday', { weekday, month: weekday, day: 'numeric' }, fromMonday)
  return {
    months: monthsAs('long'),
    shortMonths: monthsAs('short'),
    days: daysAs('long'),
    shortDays: daysAs('short'),
    halves: read('dayPeriod', { hour: 'numeric', hourCycle: 'h12' }, [
      Date.UTC(2024, 0, 1, 1),
      Date.UTC(2024, 0, 1, 13),
    ]),
    eras: read('era', { year: 'numeric', era: 'short' }, [Date.UTC(-500, 0, 1), Date.UTC(2024, 0, 1)]),
  }
}

const middlesOfMonths = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15))
const fromMonday = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, 1 + day))
