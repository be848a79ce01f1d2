import { stripVTControlCharacters, styleText } from 'node:util'

/** Where the demo writes: lines, of which the last may be rewritten where there is a terminal. */
export interface Screen {
  /** A line of its own. */
  say(text: string): void
  /** A line in place of the last one given to it; elsewhere than on a terminal, a line of its own. */
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

/** A line that wraps could not be rewritten. Colours go with what does not fit. */
function fitting(text: string, columns: number): string {
  const plain = stripVTControlCharacters(text)
  return plain.length <= columns ? text : plain.slice(0, columns)
}

/** Text for people; plain where there is no terminal or no colour is wanted. */
export function styled(style: Style, text: string): string {
  const plain = !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined
  return plain ? text : styleText(style, text)
}

export function grouped(count: number): string {
  return Math.round(count).toLocaleString('en')
}
