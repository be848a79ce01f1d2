/** What has been read of a text: values of fields in order, and an offset from UTC in milliseconds. */
export class Reading {
  values: readonly ReadValue[] = []
  offset: number | undefined
}

export type FieldName =
  | 'year'
  | 'monthOfYear'
  | 'dayOfMonth'
  | 'dayOfYear'
  | 'weekyear'
  | 'weekOfWeekyear'
  | 'dayOfWeek'
  | 'hourOfDay'
  | 'minuteOfHour'
  | 'secondOfMinute'
  | 'fraction'

export interface ReadValue {
  readonly field: FieldName
  readonly value: number
}

/** Reads a part of a text at a position. Returns the position behind it, or the complement (`~`) of that of a fault. */
export type TextParser = (reading: Reading, text: string, at: number) => number

/*
 * The same parsers as those of Joda-Time's DateTimeFormatterBuilder, so that the same texts are accepted, and faults have
 * the same positions.
 */

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

function digitsAt(text: string, at: number, max: number): number {
  let count = 0
  while (count < max && isDigit(text, at + count)) count++
  return count
}

/** Reads the text, in upper or lower case. */
export function literal(expected: string): TextParser {
  const upper = expected.toUpperCase()
  return (_reading, text, at) =>
    text.slice(at, at + expected.length).toUpperCase() === upper ? at + expected.length : ~at
}

/** Reads a number of at most `maxDigits` digits. */
export function number(field: FieldName, maxDigits: number): TextParser {
  return (reading, text, at) => {
    const digits = digitsAt(text, at, maxDigits)
    return digits === 0 ? ~at : added(reading, field, text, at, at + digits)
  }
}

/** Reads a number of at most 9 digits that may have a sign. */
export function signedNumber(field: FieldName): TextParser {
  return (reading, text, at) => {
    const signed = text[at] === '+' || text[at] === '-' ? 1 : 0
    const digits = digitsAt(text, at + signed, 9)
    return digits === 0 ? ~at : added(reading, field, text, at, at + signed + digits)
  }
}

function added(reading: Reading, field: FieldName, text: string, start: number, end: number): number {
  reading.values = [...reading.values, { field, value: Number(text.slice(start, end)) }]
  return end
}

/** Reads up to 9 digits of a fraction of a unit. The value is in whole milliseconds; the rest is dropped. */
export function fraction(unitMs: number): TextParser {
  return (reading, text, at) => {
    const digits = digitsAt(text, at, 9)
    if (digits === 0) return ~at
    let value = 0
    let weight = unitMs
    for (let i = at; i < at + digits; i++) {
      value += Number(text[i]) * weight
      weight = Math.floor(weight / 10)
    }
    reading.values = [...reading.values, { field: 'fraction', value: Math.floor(value / 10) }]
    return at + digits
  }
}

/** Reads one after the other. */
export function sequence(...parsers: readonly TextParser[]): TextParser {
  return (reading, text, at) => {
    let position = at
    for (const parse of parsers) {
      position = parse(reading, text, position)
      if (position < 0) return position
    }
    return position
  }
}

/** Reads whichever reads most. Reads nothing if all fail and it is optional. */
function either(parsers: readonly TextParser[], optional: boolean): TextParser {
  return (reading, text, at) => {
    const start = { values: reading.values, offset: reading.offset }
    let best = { position: at, ...start }
    let fault = at
    for (const [i, parse] of parsers.entries()) {
      const position = parse(reading, text, at)
      if (position > best.position) {
        if (position >= text.length || i + 1 === parsers.length) return position
        best = { position, values: reading.values, offset: reading.offset }
      } else if (position < 0) {
        fault = Math.max(fault, ~position)
      }
      Object.assign(reading, start)
    }
    Object.assign(reading, { values: best.values, offset: best.offset })
    return best.position > at || optional ? best.position : ~fault
  }
}

export const oneOf = (...parsers: readonly TextParser[]): TextParser => either(parsers, false)
export const optional = (...parsers: readonly TextParser[]): TextParser => either(parsers, true)

/** Reads an offset such as `+02`, `+0200` or `+02:00:00.000`; with `zulu` also `Z`. */
export function offset(zulu: boolean): TextParser {
  const parseZulu = literal('Z')
  return (reading, text, at) => {
    if (zulu && parseZulu(reading, text, at) > at) {
      reading.offset = 0
      return at + 1
    }
    const sign = text[at] === '-' ? -1 : text[at] === '+' ? 1 : 0
    if (sign === 0 || text.length - at <= 1) return ~at
    const found = offsetDigits(text, at + 1)
    if (typeof found === 'number') return found
    reading.offset = sign * found.ms
    return found.end
  }
}

/** Reads hours, and with or without separators minutes, seconds and milliseconds. */
function offsetDigits(text: string, at: number): { ms: number; end: number } | number {
  if (digitsAt(text, at, 2) < 2) return ~at
  const hours = Number(text.slice(at, at + 2))
  if (hours > 23) return ~at
  let ms = hours * 3_600_000
  let end = at + 2
  const separated = text[end] === ':'
  for (const unitMs of [60_000, 1000]) {
    if (separated ? text[end] !== ':' : !isDigit(text, end)) return { ms, end }
    const start = separated ? end + 1 : end
    const value = Number(text.slice(start, start + 2))
    if (digitsAt(text, start, 2) < 2 || value > 59) return ~start
    ms += value * unitMs
    end = start + 2
  }
  if (separated ? text[end] !== '.' && text[end] !== ',' : !isDigit(text, end)) return { ms, end }
  const start = separated ? end + 1 : end
  const digits = digitsAt(text, start, 3)
  if (digits === 0) return ~start
  ms += Number(text.slice(start, start + digits).padEnd(3, '0'))
  return { ms, end: start + digits }
}

/** Returns the message about a fault at a position. Source: FormatUtils.createErrorMessage. */
export function invalidFormat(text: string, at: number): string {
  const sample = text.length <= at + 35 ? text : `${text.slice(0, at + 32)}...`
  if (at <= 0) return `Invalid format: "${sample}"`
  if (at >= text.length) return `Invalid format: "${sample}" is too short`
  return `Invalid format: "${sample}" is malformed at "${sample.slice(at)}"`
}
