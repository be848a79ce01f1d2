import { stripVTControlCharacters, styleText } from 'node:util'

/** The output of the demo. On a terminal, the last line can be rewritten. */
export interface Screen {
  /** Prints a line. */
  say(text: string): void
  /** Replaces the last line that it has printed. Without a terminal, prints a new line. */
  rewrite(text: string): void
  readonly rewrites: boolean
}

type Style = 'bold' | 'dim' | 'green' | 'red'

export function openScreen(out: NodeJS.WriteStream): Screen {
  let open = false
  return {
    rewrites: out.isTTY,
    say(text) {
      out.write(open ? `\n${text}\n` : `${text}\n`)
      open = false
    },
    rewrite(text) {
      open = out.isTTY
      out.write(out.isTTY ? `\r\u001B[2K${fitting(text, out.columns - 1)}` : `${text}\n`)
    },
  }
}

/** Truncates a line, because a wrapped line cannot be rewritten. Removes the colours of a truncated line. */
function fitting(text: string, columns: number): string {
  const plain = stripVTControlCharacters(text)
  return plain.length <= columns ? text : plain.slice(0, columns)
}

/** Adds a style to a text, unless there is no terminal or NO_COLOR is set. */
export function styled(style: Style, text: string): string {
  const plain = !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined
  return plain ? text : styleText(style, text)
}

export function grouped(count: number): string {
  return Math.round(count).toLocaleString('en')
}
