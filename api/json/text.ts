/** Nothing that a JSON string has to escape; a lone surrogate is left to the slower way. */
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/

const SPECIAL = /\\u|[\ud800-\udfff]/
const ESCAPED = /\\\\|\\u[0-9a-f]{4}|[\ud800-\udfff]/g

function escaped(found: string): string {
  if (found === '\\\\') return found
  const digits = found.length === 1 ? found.charCodeAt(0).toString(16) : found.slice(2)
  return `\\u${digits.toUpperCase()}`
}

/**
 * A JSON string as Jackson writes it: as `JSON.stringify` does, but with capitals in `\u001F`, and with what lies
 * beyond the basic plane as two escapes.
 */
export function jsonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  const json = JSON.stringify(text)
  return SPECIAL.test(json) ? json.replaceAll(ESCAPED, escaped) : json
}
