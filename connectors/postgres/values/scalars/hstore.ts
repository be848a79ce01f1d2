import { ConnectError, OPTIONAL_STRING, STRING } from '../../../../api/index.ts'
import { inHashOrder } from '../../events/hash-order.ts'
import type { BaseReader } from '../base-reader.ts'
import type { ValueSettings } from '../settings.ts'
import { placeholderText, semanticText } from './text.ts'

type Entry = readonly [key: string, value: string | null]

/**
 * Key-value pairs of the extension hstore, by `hstore.handling.mode`. The pairs have the order of a Java HashMap, so
 * that the text is the one that Debezium writes.
 *
 * Source: PostgresValueConverter.convertHStore.
 */
export function hstoreReader(settings: ValueSettings): BaseReader {
  const placeholder = placeholderText(settings)
  const unavailable: Entry[] = [[placeholder, placeholder]]
  if (settings.hstoreMode === 'json') {
    return {
      ...semanticText('Json'),
      read: (bytes, start, end) => jsonOf(entriesOf(bytes.toString('utf8', start, end))),
      unavailable: jsonOf(unavailable),
      zero: '{}',
    }
  }
  return {
    schema: { type: 'map', keySchema: STRING, valueSchema: OPTIONAL_STRING },
    read: (bytes, start, end) => new Map(entriesOf(bytes.toString('utf8', start, end))),
    unavailable: new Map(unavailable),
    zero: new Map(),
  }
}

function jsonOf(entries: readonly Entry[]): string {
  const fields = entries.map(
    ([key, value]) => `${jsonString(key)}:${value === null ? 'null' : jsonString(value)}`,
  )
  return `{${fields.join(',')}}`
}

/** One pair as the server prints it: `"key"=>"value"` or `"key"=>NULL`. */
const PAIR = /"((?:[^"\\]|\\.)*)"=>(?:"((?:[^"\\]|\\.)*)"|NULL)(?:, |$)/sy

function entriesOf(text: string): Entry[] {
  const entries: Entry[] = []
  PAIR.lastIndex = 0
  while (PAIR.lastIndex < text.length) {
    const match = PAIR.exec(text)
    if (match === null)
      throw new ConnectError('HR_DATA_INVALID', `Expected an hstore but found ${text.slice(0, 100)}`)
    const [, key = '', value] = match
    entries.push([unescaped(key), value === undefined ? null : unescaped(value)])
  }
  return inHashOrder(entries)
}

/** Source: Jackson's WriterBasedJsonGenerator. Unlike `JSON.stringify`, it writes `\u001F` in upper case. */
function jsonString(text: string): string {
  const json = JSON.stringify(text)
  return json.includes('\\u') ? json.replace(/\\(?:u(.{4})|.)/g, upperCase) : json
}

const upperCase = (escape: string, code?: string): string =>
  code === undefined ? escape : `\\u${code.toUpperCase()}`

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text
}
