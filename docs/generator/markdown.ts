/** Returns a page of the reference with the given parts, separated by blank lines. */
export function page(title: string, ...parts: readonly string[]): string {
  const head = `# ${title}\n\n<!-- Generated from the code by \`npm run docs\`. Do not edit. -->`
  return `${[head, ...parts].join('\n\n')}\n`
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Formats text as inline code, even if it contains backticks. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** Formats placeholders such as `<name>` as code, because Markdown would treat them as HTML elements. */
export function prose(text: string): string {
  return text.replaceAll(/[\w.:]*<[\w ]+>(?:[\w*]|[.:](?=[\w*<])|<[\w ]+>)*/g, code)
}

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
