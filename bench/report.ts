/** A value measured for both workers, once per round. */
export interface Row {
  readonly what: string
  readonly java: readonly number[]
  readonly headrace: readonly number[]
  /** Ratio of the medians; above 1 if Headrace is better. */
  readonly ratio: number
}

/** Returns the median. For an even number of values, returns the lower of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN
}

/** Formats the rows as a Markdown table: medians, followed by the range if there was more than one round. */
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

/** Formats cells as a Markdown table with aligned columns. */
export function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...lines.map((line) => line[column] ?? '')].map(({ length }) => length)),
  )
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n')
}

/** Formats the median, followed by the range if there is more than one value. */
export function cell(values: readonly number[]): string {
  const middle = figure(median(values))
  if (values.length < 2) return middle
  return `${middle} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`
}

export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(value >= 10 ? 1 : 2)
