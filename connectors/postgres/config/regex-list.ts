import { ConnectError, messageOf } from '../../../api/index.ts'
import { compileJavaRegex } from '../../../java/index.ts'
import { invalid } from './settings/rules.ts'

/** Returns whether the whole text matches one of the expressions, in any case. */
export type Matches = (text: string) => boolean

/**
 * Splits a comma-separated list of regular expressions. A backslash escapes a comma. Parts are trimmed, and empty parts
 * left out. Source: Strings.RegExSplitter.
 */
export function splitRegexList(list: string): readonly string[] {
  const parts = list.match(/(?:\\[^]|[^\\,])+/g) ?? []
  return parts.map((part) => part.trim().replaceAll(String.raw`\,`, ','))
}

/** Why the list is invalid, with Debezium's message and Java's position; undefined if it is valid. */
export function regexListFault(key: string, list: string): string | undefined {
  const expectation = 'A comma-separated list of valid regular expressions is expected, but '
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(list)) {
    return invalid(key, `${expectation}the backslash at the end of ${list} escapes nothing`)
  }
  for (const pattern of splitRegexList(list)) {
    try {
      compileJavaRegex(pattern)
    } catch (error) {
      return invalid(key, expectation + messageOf(error))
    }
  }
  return undefined
}

/**
 * Compiles a comma-separated list of Java regular expressions. Throws `HR_CONFIG_INVALID` if one is invalid.
 *
 * Source: Predicates.includes.
 */
export function compileRegexList(key: string, list: string): Matches {
  const patterns = compileEach(key, list)
  return (text) => patterns.some((matches) => matches(text))
}

/** Like {@link compileRegexList}, but returns each expression of the list, in order. */
export function compileEach(key: string, list: string): readonly Matches[] {
  const fault = regexListFault(key, list)
  if (fault !== undefined) throw new ConnectError('HR_CONFIG_INVALID', fault, { configKey: key })
  return splitRegexList(list).map((pattern) => {
    const regex = compileJavaRegex(`(?i)${pattern}`)
    return (text) => regex.matches(text)
  })
}
