/** One thing measured on both sides, once a round. */
export interface Row {
  readonly what: string
  readonly java: readonly number[]
  readonly headrace: readonly number[]
  /** How many times better Headrace is, by the medians. */
  readonly ratio: number
}

/** The middle value; of an even number, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN
}

/** The rows as a Markdown table: medians, and the range in brackets where there was more than one round. */
export function table(rows: readonly Row[]): string {
  const head = ['', 'Java', 'Headrace', 'ratio']
  const lines = rows.map(({ what, java, headrace, ratio }) => [
    what,
    cell(java),
    cell(headrace),
    `${ratio.toFixed(1)} ×`,
  ])
  return markdownTable(head, lines)
}

/** Cells as a Markdown table, aligned for people who read it as text. */
export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...lines.map((line) => line[column] ?? '')].map(({ length }) => length)),
  )
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n')
}

function cell(values: readonly number[]): string {
  const middle = figure(median(values))
  if (values.length < 2) return middle
  return `${middle} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`
}

export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value >= 10 ? 1 : 2)
