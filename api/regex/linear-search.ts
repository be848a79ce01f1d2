import { createRequire } from 'node:module'
import { ConnectError, messageOf } from '../errors.ts'

/** A match and where it is. */
export interface Found {
  readonly start: number
  readonly end: number
  /** The whole match, then the groups; undefined for a group that took no part. */
  readonly groups: readonly (string | undefined)[]
}

/** Finds the next match at or behind a place in a text; undefined when there is none. */
export type LinearSearch = (text: string, from: number) => Found | undefined

/** The engine carries large tables of Unicode; most processes never need it. */
const loadRe2 = () => createRequire(import.meta.url)('re2js') as typeof import('re2js')

/**
 * A regular expression in JavaScript's notation that takes time in proportion to the text, whatever the text is.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` for what needs more than that: look-around and back references.
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
