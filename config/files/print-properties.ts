import type { Props } from '../../api/index.ts'

/** Formats settings as a property file, sorted by key, that {@link parseProperties} can parse. Source: Properties.store. */
export function printProperties(props: Props): string {
  return Object.entries(props)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${keyText(key)}=${valueText(value ?? '')}`)
    .join('\n')
}

const controls: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
}

const escaped = (text: string): string =>
  text
    .replaceAll(/[\\\n\r\t\f]/g, (letter) => controls[letter] ?? letter)
    .replaceAll(
      /[\u0000-\u001f\u007f-\u009f]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )

const keyText = (key: string): string => escaped(key).replaceAll(/[=: #!]/g, (letter) => `\\${letter}`)
const valueText = (value: string): string => escaped(value).replace(/^ /, '\\ ')
