const simple: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const ESCAPE = /\\(?:u+([0-9A-Fa-f]{4})|([0-3]?[0-7]{1,2})|([\s\S]))/g

/**
 * Replaces the escape sequences of Java: `\n`, `\t`, `\u000a`, `\12`, `\\`. Source: StringEscapeUtils.unescapeJava.
 */
export function unescapeJava(text: string): string {
  return text.replaceAll(ESCAPE, (_match, unicode?: string, octal?: string, other = '') => {
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return simple[other] ?? other
  })
}
