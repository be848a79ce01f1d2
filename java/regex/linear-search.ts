import { createRequire } from 'node:module'
import { ConnectError, messageOf } from '../../api/errors.ts'

/** A match and its position. */
export interface Found {
  readonly start: number
  readonly end: number
  /** The whole match, followed by the groups. Undefined for a group that did not participate. */
  readonly groups: readonly (string | undefined)[]
}

/** Returns the next match at or after an index, or undefined if there is none. */
export type LinearSearch = (text: string, from: number) => Found | undefined

/** Loaded on first use: the engine includes large Unicode tables, and most processes do not need it. */
const loadRe2 = () => createRequire(import.meta.url)('re2js') as typeof import('re2js')

/**
 * Compiles a JavaScript regular expression that runs in time linear in the length of the text.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` for look-around and back references, which linear time does not allow.
 */
export function linearSearch(source: string, flags: string): LinearSearch {
  const { RE2JS } = loadRe2()
  let regex
  try {
    const escapes = source.replace(/\\u([0-9a-fA-F]{4})/g, '\\x{$1}')
    const bits =
      (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0)
    regex = RE2JS.compile(escapes, bits)
  } catch (cause) {
    const reason = messageOf(cause).replace('error parsing regexp: ', '')
    const message = `The regular expression /${source}/ cannot be run in linear time: ${reason}`
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', message, { cause })
  }
  const groupCount = regex.groupCount()
  return (text, from) => {
    const matcher = regex.matcher(text)
    if (!matcher.find(from)) return undefined
    const groups = Array.from({ length: groupCount + 1 }, (_, group) => matcher.group(group) ?? undefined)
    return { start: matcher.start(), end: matcher.end(), groups }
  }
}
