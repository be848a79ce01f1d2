import { ConnectError, messageOf } from '../../../../api/index.ts'
import { parseOffset, textOfOffset } from './offset-text.ts'
import { TimeZone } from './time-zone.ts'
import { zoneOfAlias } from './zone-aliases.ts'

/** Names that Node.js accepts and Joda-Time does not. */
const unknownToJoda = new Set(
  (
    'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST ' +
    'US/Pacific-New'
  ).split(' '),
)

export const utc = new TimeZone('UTC', () => 0)

/**
 * Returns the time zone with the given ID: a name of the time zone database, or an offset such as `+02:00`.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` for another ID. Source: DateTimeZone.forID.
 */
export function zoneForId(id: string): TimeZone {
  if (id === 'UTC') return utc
  const named = namedZone(id)
  if (named !== undefined) return named
  if (id === 'UT' || id === 'GMT' || id === 'Z') return utc
  const offsetText = /^(?:UTC|GMT|UT)?([+-].*)$/s.exec(id)?.[1]
  if (offsetText === undefined) {
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', `The datetime zone id '${id}' is not recognised`)
  }
  const offset = parseOffset(offsetText)
  return offset === 0 ? utc : new TimeZone(textOfOffset(offset), () => offset)
}

/** Returns why an ID of a time zone is invalid; undefined if it is valid. */
export function zoneFault(id: string): string | undefined {
  try {
    zoneForId(id)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

function namedZone(id: string): TimeZone | undefined {
  // Node.js may accept an offset as the name of a zone
  if (!/^[A-Za-z]/.test(id) || unknownToJoda.has(id) || id.startsWith('SystemV/')) return undefined
  const name = zoneOfAlias(id) ?? id
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
  const { timeZone } = format.resolvedOptions()
  // Java distinguishes upper and lower case
  if (timeZone !== name && timeZone.toLowerCase() === name.toLowerCase()) return undefined
  return new TimeZone(name, (instant) => offsetIn(format.format(instant)))
}

/** Reads the offset from a text such as `3/31/1843, GMT-07:52:58`. */
function offsetIn(text: string): number {
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text) ?? []
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -size : size
}
