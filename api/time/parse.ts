import { MS_PER_DAY } from '../data/logical.ts'
import { startOf } from './format.ts'
import { dayNames, eras, halves, monthNames, shortNames } from './names.ts'
import type { PatternPart } from './pattern.ts'

/** What a text says of a date, field by field. */
type Fields = Map<string, number>

const NUMERIC = 'yYdDHhkKmsSuwWF'
/** Two digits of a year mean the one between 80 years ago and 20 years ahead. */
const PIVOT_YEARS = 80

/**
 * Reads a date in UTC by the parts of a pattern, from the beginning of a text; what follows is ignored, and fields
 * may overflow: the 32nd of January is the 1st of February. Undefined when the text does not begin that way.
 *
 * Source: SimpleDateFormat.parse, lenient, in the locale en_US.
 */
export function parseParts(parts: readonly PatternPart[], text: string): Date | undefined {
  const fields: Fields = new Map()
  let at = 0
  for (const [index, part] of parts.entries()) {
    const next =
      'text' in part ? matchText(text, at, part.text) : readField(text, at, part, parts[index + 1], fields)
    if (next === undefined) return undefined
    at = next
  }
  const time = timeOf(fields)
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
  fields: Fields,
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
  if (letter === 'z' || letter === 'Z' || letter === 'X') return readZone(text, at, letter, fields)
  return readNumber(text, at, { letter, count }, adjoins(following) ? count : undefined, fields)
}

/** Whether a number has to end by its count, because another number follows at once. */
function adjoins(following: PatternPart | undefined): boolean {
  if (following === undefined || 'text' in following) return false
  return NUMERIC.includes(following.letter) || ('ML'.includes(following.letter) && following.count <= 2)
}

function readNumber(
  text: string,
  at: number,
  { letter, count }: { readonly letter: string; readonly count: number },
  width: number | undefined,
  fields: Fields,
): number | undefined {
  if (width !== undefined && at + width > text.length) return undefined
  const source = width === undefined ? text.slice(at) : text.slice(at, at + width)
  const [digits] = /^-?\d+/.exec(source) ?? []
  if (digits === undefined) return undefined
  const value = Number(digits)
  const twoDigits = letter === 'y' && count <= 2 && /^\d\d$/.test(digits)
  if (letter === 'M' || letter === 'L') fields.set('M', value - 1)
  else fields.set(letter, twoDigits ? fullYear(value) : value)
  return at + digits.length
}

function fullYear(twoDigits: number): number {
  const start = new Date().getUTCFullYear() - PIVOT_YEARS
  const year = start - (start % 100) + twoDigits
  return year < start ? year + 100 : year
}

/** The longest name that the text goes on with, in any case. */
function readName(
  text: string,
  at: number,
  lists: readonly (readonly string[])[],
  key: string,
  fields: Fields,
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

const OFFSET = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?/
const UNIVERSAL = /^(?:UTC|GMT|Coordinated Universal Time|Greenwich Mean Time)/i

function readZone(text: string, at: number, letter: string, fields: Fields): number | undefined {
  const rest = text.slice(at)
  if (letter === 'X' && rest.startsWith('Z')) return at + 1
  const offset = OFFSET.exec(rest)
  if (offset !== null) {
    const [whole, sign, hours, minutes = '0'] = offset
    fields.set('zone', (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)))
    return at + whole.length
  }
  const universal = UNIVERSAL.exec(rest)
  return universal === null ? undefined : at + universal[0].length
}

function timeOf(fields: Fields): number {
  const get = (key: string, fallback: number) => fields.get(key) ?? fallback
  const ofEra = get('y', get('Y', 1970))
  const year = fields.get('G') === 0 ? 1 - ofEra : ofEra
  const base = startOf(year, get('M', 0))
  const day = fields.has('D') && !fields.has('M') ? get('D', 1) : get('d', 1)
  const half = get('h', get('K', 0)) % 12
  const hours = fields.get('H') ?? hoursOf24(fields) ?? half + 12 * get('a', 0)
  const minutes = hours * 60 + get('m', 0) - get('zone', 0)
  return base + (day - 1) * MS_PER_DAY + (minutes * 60 + get('s', 0)) * 1000 + get('S', 0)
}

function hoursOf24(fields: Fields): number | undefined {
  const hours = fields.get('k')
  return hours === 24 ? 0 : hours
}
