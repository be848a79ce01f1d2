import { ConnectError } from '../../api/errors.ts'

/** A part of a pattern: literal text, or a field with its letter and the number of repetitions. */
export type PatternPart = { readonly text: string } | { readonly letter: string; readonly count: number }

const LETTERS = 'GyMdkHmsSEDFwWahKzZYuXL'

/**
 * Parses a pattern of Java's SimpleDateFormat.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with Java's message.
 */
export function parsePattern(pattern: string): PatternPart[] {
  const parts: PatternPart[] = []
  const addText = (text: string) => {
    const last = parts.at(-1)
    if (last !== undefined && 'text' in last) parts[parts.length - 1] = { text: last.text + text }
    else parts.push({ text })
  }
  for (let at = 0; at < pattern.length;) {
    const letter = pattern.charAt(at)
    if (letter === "'") {
      const [text, next] = quoted(pattern, at)
      addText(text)
      at = next
    } else if (/[A-Za-z]/.test(letter)) {
      if (!LETTERS.includes(letter)) throw illegal(`Illegal pattern character '${letter}'`)
      let end = at + 1
      while (pattern.charAt(end) === letter) end++
      if (letter === 'X' && end - at > 3) throw illegal(`invalid ISO 8601 format: length=${end - at}`)
      parts.push({ letter, count: end - at })
      at = end
    } else {
      addText(letter)
      at++
    }
  }
  return parts
}

/** Returns the quoted text that starts at `from` and the index after it. Two quotes represent one. */
function quoted(pattern: string, from: number): [string, number] {
  if (pattern.charAt(from + 1) === "'") return ["'", from + 2]
  let text = ''
  for (let at = from + 1; at < pattern.length; at++) {
    const letter = pattern.charAt(at)
    if (letter !== "'") text += letter
    else if (pattern.charAt(at + 1) === "'") text += pattern.charAt(++at)
    else return [text, at + 1]
  }
  throw illegal('Unterminated quote')
}

function illegal(message: string): ConnectError {
  return new ConnectError('HR_ILLEGAL_ARGUMENT', message)
}
