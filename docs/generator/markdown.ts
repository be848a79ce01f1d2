/** A page of the reference, made of parts with a blank line in between. */
export function page(title: string, ...parts: readonly string[]): string {
  const head = `# ${title}\n\n<!-- Made by \`npm run docs\` from the code; changes here are lost. -->`
  return `${[head, ...parts].join('\n\n')}\n`
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text as code, whatever it holds. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** A placeholder such as `<name>` outside of code would be taken for an element. */
export function prose(text: string): string {
  return text.replaceAll(/[\w.]*<[a-z]+>[\w.*]*/g, code)
}

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
