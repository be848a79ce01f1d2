/** A token of Java's StreamTokenizer. */
export interface JavaToken {
  /** `number`: Java's tokenizer has no text for such a token. */
  readonly kind: 'word' | 'quoted' | 'number' | 'sign'
  readonly text: string
  /** Counted from 1. */
  readonly line: number
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const BLANKS = /[\0- ]+/y
const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)|\/[^\r\n]*/y
const QUOTED = /(["'])((?:\\[\s\S]|(?!\1)[^\\\r\n])*)(?:\1|(?=[\r\n])|\\?$)/y
const NUMBER = /-?(?:\d+\.?\d*|\.\d*)/y

/**
 * Returns the tokens of a text without comments. `marks` are additional characters that words may contain.
 *
 * Source: java.io.StreamTokenizer with `slashSlashComments` and `slashStarComments`, which parses JAAS files. A single
 * slash starts a comment too; a quoted text ends at the end of its line; a word that starts with a digit is a number.
 */
export function javaTokens(text: string, marks: string): JavaToken[] {
  const letters = `A-Za-z\\u00a0-\\uffff${escaped(marks)}`
  const word = new RegExp(`(?!-)[${letters}][${letters}0-9.-]*`, 'y')
  const tokens: JavaToken[] = []
  let line = 1
  for (let at = 0; at < text.length;) {
    const take = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = at
      return pattern.exec(text)
    }
    const skipped = take(BLANKS) ?? take(COMMENT)
    const quoted = skipped === null ? take(QUOTED) : null
    const number = skipped === null && quoted === null ? take(NUMBER) : null
    const found = skipped ?? quoted ?? number ?? take(word)
    const [whole] = found ?? [text.charAt(at)]
    if (quoted !== null) tokens.push({ kind: 'quoted', text: unescaped(quoted[2] ?? ''), line })
    else if (number !== null) tokens.push({ kind: 'number', text: whole, line })
    else if (skipped === null) tokens.push({ kind: found === null ? 'sign' : 'word', text: whole, line })
    line += whole.split('\n').length - 1
    at += whole.length
  }
  return tokens
}

const escaped = (marks: string): string => marks.replace(/[\]\\^-]/g, String.raw`\$&`)

/** Decodes named escapes and up to three octal digits; any other escaped character stays unchanged. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:([0-3][0-7]{0,2}|[4-7][0-7]?)|([\s\S]))/g,
    (_whole, octal?: string, letter = '') =>
      octal === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8)),
  )
}
