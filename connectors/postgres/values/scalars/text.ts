import type { PgType } from '../../ports.ts'
import type { BaseReader } from '../base-reader.ts'
import type { ValueSettings } from '../settings.ts'

/** Decodes UTF-8. Up to eight ASCII characters are several times faster without a call into the engine. */
export function textAt(bytes: Buffer, start: number, end: number): string {
  if (end - start > 8) return bytes.toString('utf8', start, end)
  let all = 0
  for (let at = start; at < end; at++) all |= bytes[at]!
  return all < 0x80 ? shortAscii(bytes, start, end - start) : bytes.toString('utf8', start, end)
}

/** Reads no byte behind the text: that would slow down all later calls. */
function shortAscii(bytes: Buffer, at: number, length: number): string {
  if (length > 4) return fourAscii(bytes, at) + shortAscii(bytes, at + 4, length - 4)
  switch (length) {
    case 0:
      return ''
    case 1:
      return String.fromCharCode(bytes[at]!)
    case 2:
      return String.fromCharCode(bytes[at]!, bytes[at + 1]!)
    case 3:
      return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!)
    default:
      return fourAscii(bytes, at)
  }
}

function fourAscii(bytes: Buffer, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!)
}

/** Reads text as it is, with a schema name of Debezium if there is one. */
export function textReader(settings: ValueSettings, more: Partial<BaseReader> = {}): BaseReader {
  return {
    schema: { type: 'string' },
    read: textAt,
    unavailable: placeholderText(settings),
    zero: '',
    ...more,
  }
}

/** The placeholder of unchanged TOASTed text. */
export function placeholderText(settings: ValueSettings): string {
  return settings.placeholder.toString('utf8')
}

const asIs = (text: string): string => text

/** Text types with a default in the schema. */
export const literalText: Partial<BaseReader> = { parseDefault: asIs, generatedDefault: '' }

/** A semantic type of Debezium, such as `Json`. */
export function semanticText(name: string): Pick<BaseReader, 'schema'> {
  return { schema: { type: 'string', name: `io.debezium.data.${name}`, version: 1 } }
}

export function uuidReader(settings: ValueSettings): BaseReader {
  return textReader(settings, {
    ...semanticText('Uuid'),
    parseDefault: (text) => (UUID.test(text) ? text.toLowerCase() : undefined),
    generatedDefault: '00000000-0000-0000-0000-000000000000',
  })
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Labels of an enum, with all of them as a parameter. Its default is read from the cast to the enum. */
export function enumReader(type: PgType, settings: ValueSettings): BaseReader {
  const parameters = { allowed: (type.labels ?? []).join(',') }
  return textReader(settings, {
    schema: { ...semanticText('Enum').schema, parameters },
    parseDefault: asIs,
    maskable: true,
    requiredElement: true,
  })
}

/**
 * PostgreSQL's type for identifiers. Debezium has no decoder for it, so that a nullable column is null in streams unless
 * unknown types are included.
 *
 * Differs: a required column is read, because Debezium's empty string would replace a key.
 */
export function nameReader(settings: ValueSettings, dropped: boolean): BaseReader {
  return textReader(settings, dropped ? { maskable: true, read: () => null } : { maskable: true })
}
