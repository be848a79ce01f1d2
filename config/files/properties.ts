import { ConnectError } from '../../api/index.ts'
import { withoutByteOrderMark } from './json-text.ts'

/** A setting of a property file. */
export interface PropertyEntry {
  readonly key: string
  readonly value: string
  /** Line on which the setting starts, counted from 1. */
  readonly line: number
}

/**
 * Parses a Java property file with comments, continuation lines and escapes. Returns one entry per occurrence of a key;
 * the last one takes effect. Skips a byte order mark.
 *
 * Throws `HR_CONFIG_INVALID`, naming `file` and line, when `\u` is not followed by four hexadecimal digits. Source:
 * java.util.Properties.load. Differs: Java treats a byte order mark as part of the first key.
 */
export function parseProperties(text: string, file = 'line'): PropertyEntry[] {
  return logicalLines(withoutByteOrderMark(text)).map(({ content, line }) => ({
    ...splitEntry(content, `${file}:${line}`),
    line,
  }))
}

/** Joins continuation lines; skips comments and blank lines. */
function logicalLines(text: string): { content: string; line: number }[] {
  const lines: { content: string; line: number }[] = []
  let open: { content: string; line: number } | undefined
  for (const [index, natural] of text.split(/\r\n|\n|\r/).entries()) {
    const content = natural.replace(/^[ \t\f]+/, '')
    if (open === undefined && (content === '' || content.startsWith('#') || content.startsWith('!'))) continue
    open = { content: (open?.content ?? '') + content, line: open?.line ?? index + 1 }
    if (endsWithOddBackslashes(content)) {
      open.content = open.content.slice(0, -1)
      continue
    }
    if (open.content !== '') lines.push(open)
    open = undefined
  }
  if (open !== undefined && open.content !== '') lines.push(open)
  return lines
}

function endsWithOddBackslashes(text: string): boolean {
  const [backslashes = ''] = /\\*$/.exec(text) ?? []
  return backslashes.length % 2 === 1
}

/** The key ends at the first unescaped whitespace, `=` or `:`; whitespace around the separator is dropped. */
function splitEntry(content: string, place: string): { key: string; value: string } {
  let at = 0
  while (at < content.length && !/[=: \t\f]/.test(content.charAt(at)))
    at += content.charAt(at) === '\\' ? 2 : 1
  const key = content.slice(0, at)
  const value = content.slice(at).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')
  return { key: unescape(key, place), value: unescape(value, place) }
}

const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function unescape(text: string, place: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_whole, hex?: string, letter = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (letter === 'u') throw malformed(place)
    return letters[letter] ?? letter
  })
}

function malformed(place: string): ConnectError {
  const message = `${place}: Malformed \\uxxxx encoding: expected four hexadecimal digits after \\u`
  return new ConnectError('HR_CONFIG_INVALID', message)
}
