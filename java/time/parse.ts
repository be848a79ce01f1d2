import { asciiDigits } from '../../api/numbers/index.ts'
import { dayNames, eras, halves, monthNames, shortNames } from './names.ts'
import type { PatternPart } from './pattern.ts'
import { DateFields, type FieldLetter } from './resolve.ts'

const NUMERIC = 'yYdDHhkKmsSuwWF'
/** A two-digit year is within 80 years before and 20 years after the current year. */
const PIVOT_YEARS = 80

/**
 * Parses a date in UTC from the start of a string and ignores the rest. Fields may overflow: January 32 is February 1.
 * Returns undefined if the string does not match the pattern.
 *
 * Source: SimpleDateFormat.parse, lenient, in the locale en_US.
 */
export function parseParts(parts: readonly PatternPart[], text: string): Date | undefined {
  const fields = new DateFields()
  let at = 0
  for (const [index, part] of parts.entries()) {
    const next =
      'text' in part ? matchText(text, at, part.text) : readField(text, at, part, parts[index + 1], fields)
    if (next === undefined) return undefined
    at = next
  }
  const time = fields.time()
  return Number.isNaN(time) ? undefined : new Date(time)
}

function matchText(text: string, at: number, expected: string): number | undefined {
  return text.startsWith(expected, at) ? at + expected.length : undefined
}

function readField(
  text: string,
  from: number,
  { letter, count }: { readonly letter: string; readonly count: number },
  following: PatternPart | undefined,
  fields: DateFields,
): number | undefined {
  let at = from
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++
  if (at >= text.length) return undefined
  if (letter === 'G') return readName(text, at, [eras], letter, fields)
  if (letter === 'a') return readName(text, at, [halves], letter, fields)
  if (letter === 'E') return readName(text, at, [dayNames, shortNames(dayNames)], letter, fields)
  if ((letter === 'M' || letter === 'L') && count > 2) {
    return readName(text, at, [monthNames, shortNames(monthNames)], 'M', fields)
  }
  if (letter === 'X') return readIsoZone(text, at, count, fields)
  if (letter === 'z' || letter === 'Z') return readZone(text, at, at > from, fields)
  // The count includes leading whitespace
  const end = adjoins(following) ? from + count : undefined
  return readNumber(text, at, { letter, count }, end, fields)
}

/** Whether the width of a number is fixed, because another number follows immediately. */
function adjoins(following: PatternPart | undefined): boolean {
  if (following === undefined || 'text' in following) return false
  return NUMERIC.includes(following.letter) || ('ML'.includes(following.letter) && following.count <= 2)
}

function readNumber(
  text: string,
  at: number,
  { letter, count }: { readonly letter: string; readonly count: number },
  end: number | undefined,
  fields: DateFields,
): number | undefined {
  if (end !== undefined && end > text.length) return undefined
  const source = text.slice(at, end)
  const [found] = /^-?\p{Nd}+/u.exec(source) ?? []
  if (found === undefined) return undefined
  const value = Number(BigInt.asIntN(32, BigInt(asciiDigits(found))))
  const twoDigits = count <= 2 && found.length === 2 && !found.startsWith('-')
  setNumber(fields, letter, value, twoDigits)
  return at + found.length
}

/** In the fields, hours start at 0 and weekdays at Sunday. */
function setNumber(fields: DateFields, letter: string, value: number, twoDigits: boolean): void {
  switch (letter) {
    case 'M':
    case 'L':
      return fields.set('M', value - 1)
    case 'y':
    case 'Y':
      return fields.set(letter, twoDigits ? fullYear(value) : value)
    case 'k':
      return fields.set('H', value === 24 ? 0 : value)
    case 'h':
      return fields.set('K', value === 12 ? 0 : value)
    case 'u':
      return fields.set('E', value < 1 || value > 7 ? value - 1 : value % 7)
    default:
      return fields.set(letter as FieldLetter, value)
  }
}

function fullYear(twoDigits: number): number {
  const start = new Date().getUTCFullYear() - PIVOT_YEARS
  const year = start - (start % 100) + twoDigits
  return year < start ? year + 100 : year
}

/** Finds the longest name at the current position, ignoring case. */
function readName(
  text: string,
  at: number,
  lists: readonly (readonly string[])[],
  key: FieldLetter,
  fields: DateFields,
) {
  let best = 0
  for (const names of lists) {
    for (const [index, name] of names.entries()) {
      if (name.length <= best || text.slice(at, at + name.length).toLowerCase() !== name.toLowerCase())
        continue
      best = name.length
      fields.set(key, index)
    }
  }
  return best === 0 ? undefined : at + best
}

const UNIVERSAL = /^(?:UTC|UCT|Coordinated Universal Time|Greenwich Mean Time)/i
/** `Z` and `z` accept `+hhmm`. After GMT they accept `+h:mm` or `+hh:mm`, unless whitespace precedes GMT. */
const NUMERIC_ZONE = /^[+-](\d\d)(\d\d)/
const GMT_ZONE = /^GMT(?:[+-](\d{1,2}):(\d\d)|(?![+-]))/i

const GMT = /^GMT/i

function readZone(text: string, at: number, afterBlank: boolean, fields: DateFields): number | undefined {
  const rest = text.slice(at)
  const offset = NUMERIC_ZONE.exec(rest) ?? (afterBlank ? GMT : GMT_ZONE).exec(rest)
  if (offset !== null) return setZone(fields, offset, at)
  const [name] = UNIVERSAL.exec(rest) ?? []
  if (name === undefined) return readNamedZone(rest, at, fields)
  fields.set('zone', 0)
  return at + name.length
}

const ISO_ZONES = [/^[+-](\d\d)/, /^[+-](\d\d)(\d\d)/, /^[+-](\d\d):(\d\d)/]

function readIsoZone(text: string, at: number, count: number, fields: DateFields): number | undefined {
  const rest = text.slice(at)
  if (!rest.startsWith('Z')) return setZone(fields, ISO_ZONES[count - 1]?.exec(rest) ?? null, at)
  fields.set('zone', 0)
  return at + 1
}

function setZone(fields: DateFields, match: RegExpExecArray | null, at: number): number | undefined {
  const [whole, hours = '0', minutes = '0'] = match ?? []
  if (whole === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined
  fields.set('zone', (whole.includes('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes)))
  return at + whole.length
}

/**
 * The most common time zone names, with their offset from UTC in hours.
 *
 * Differs: Java supports the names of all time zones.
 */
const zoneNames: Readonly<Record<string, number>> = {
  PST: -8,
  PDT: -7,
  MST: -7,
  MDT: -6,
  CST: -6,
  CDT: -5,
  EST: -5,
  EDT: -4,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  IST: 5.5,
  JST: 9,
}

function readNamedZone(rest: string, at: number, fields: DateFields): number | undefined {
  const [name = ''] = /^[A-Za-z]+/.exec(rest) ?? []
  const hours = zoneNames[name.toUpperCase()]
  if (hours === undefined) return undefined
  fields.set('zone', hours * 60)
  return at + name.length
}
