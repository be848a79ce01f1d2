import { ConnectError, JsonSyntaxError, parseJson, placeOf } from '../../api/index.ts'

/**
 * Reads the text of a JSON file; numbers keep their digits.
 *
 * Throws `HR_CONFIG_INVALID` with file, line and column of what is no JSON.
 */
export function parseJsonText(text: string, path: string): unknown {
  const json = withoutByteOrderMark(text)
  try {
    return parseJson(json, { decimals: 'exact', longIntegers: 'exact', whole: 'proper' })
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause
    const { line, column } = placeOf(json, cause.at)
    throw new ConnectError('HR_CONFIG_INVALID', `${path}:${line}:${column}: ${cause.message}`, { cause })
  }
}

/** Some editors begin a file with a mark that is no part of its text. */
export const withoutByteOrderMark = (text: string): string => text.replace(/^\ufeff/, '')
