import { ConnectError } from '../../api/index.ts'
import { JsonSyntaxError, parseJson, placeOf } from '../../java/index.ts'

/**
 * Parses the text of a JSON file; numbers keep all their digits.
 *
 * Throws `HR_CONFIG_INVALID` with the file, line and column of a syntax error.
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

export const withoutByteOrderMark = (text: string): string => text.replace(/^\ufeff/, '')
