import { styleText } from 'node:util'

/** Destination of a command's output. */
export interface Output {
  /** Whether the destination interprets escape sequences. */
  readonly terminal: boolean
  write(text: string): void
}

export const standardOutput: Output = {
  terminal: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  write: (text) => void process.stdout.write(`${text}\n`),
}

const styles = {
  RUNNING: 'green',
  FAILED: 'red',
  PAUSED: 'yellow',
  STOPPED: 'yellow',
  RESTARTING: 'cyan',
  UNASSIGNED: 'cyan',
} as const

const COLUMN_GAP = '  '

/** Formats rows as aligned columns with a heading. When `coloured`, states have colours. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  coloured: boolean,
): string {
  const lines = [head, ...rows.map((row) => row.map(printable))]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => {
        const padded = column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)
        return coloured ? withColour(cell, padded) : padded
      })
      return cells.join(COLUMN_GAP).trimEnd()
    })
    .join('\n')
}

function withColour(cell: string, padded: string): string {
  const style = Object.hasOwn(styles, cell) ? styles[cell as keyof typeof styles] : undefined
  return style === undefined ? padded : styleText(style, padded, { validateStream: false })
}

/** Replaces control characters, so that text from elsewhere cannot send escape sequences to the terminal. */
export const printable = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')

/** Like {@link printable}, but keeps the line breaks of a text of several lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n')

/** Escapes the control characters that JSON allows. */
export const json = (value: unknown): string => printableJson(JSON.stringify(value, null, 2))

/** Escapes the control characters in a JSON text, except for line breaks and tabs between values. */
export const printableJson = (text: string): string =>
  text
    .replaceAll('\r', ' ')
    .replaceAll(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
