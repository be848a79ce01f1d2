import type { Schema, SinkRecord } from '../../../../api/index.ts'
import { JsonEncoderCache, jsonString } from '../../../../java/index.ts'
import type { ObjectFormat } from '../../ports.ts'
import { RowEncoder, type Compression, type WriteRow } from '../../formats/index.ts'
import type { OutputField, OutputSettings } from './field.ts'

/** The order in Aiven's objects, which is that of a HashMap, whatever the setting is. */
const order: readonly OutputField[] = ['headers', 'offset', 'value', 'key', 'timestamp']

interface Layout {
  readonly start: string
  readonly separator: string
  readonly end: string
}

const layouts: Readonly<Record<'json' | 'jsonl', Layout>> = {
  json: { start: '[\n', separator: ',\n', end: '\n]' },
  jsonl: { start: '', separator: '\n', end: '' },
}

/**
 * Whole records as JSON: an array, or lines without a line feed after the last one. Values are SinkRecords.
 *
 * Source: JsonOutputWriter, JsonLinesOutputWriter and their builders.
 */
export function recordJsonFormat(
  type: 'json' | 'jsonl',
  settings: OutputSettings,
  compression: Compression,
): ObjectFormat {
  const { start, separator, end } = layouts[type]
  const rowOf = recordJson(settings)
  return {
    extension: compression.extension,
    contentType: 'application/json',
    contentEncoding: null,
    open(_schema, output) {
      let before = start
      const writeRow: WriteRow = (blocks, value) => {
        blocks.addText(before + rowOf(value as SinkRecord))
        before = separator
      }
      return new RowEncoder(compression.compressor(output), writeRow, end)
    },
  }
}

/** Returns the function that prints a record. It throws `HR_DATA_INVALID` for a value that does not match its schema. */
export function recordJson({ fields, envelope }: OutputSettings): (record: SinkRecord) => string {
  const encoders = new JsonEncoderCache({ decimals: 'base64', replaceNullWithDefault: true })
  const json = (schema: Schema | null, value: unknown): string => encoders.of(schema)(value ?? null)
  const print: Readonly<Record<OutputField, (record: SinkRecord) => string>> = {
    key: ({ key, keySchema }) => (key === null ? 'null' : json(keySchema, key)),
    value: ({ value, valueSchema }) => (value === null ? 'null' : json(valueSchema, value)),
    offset: ({ offset }) => String(offset),
    timestamp: ({ timestamp }) => (timestamp === null ? 'null' : `"${isoInstant(timestamp)}"`),
    headers: ({ headers }) =>
      `[${headers
        .map(({ key, schema, value }) => `{"key":${jsonString(key)},"value":${json(schema, value)}}`)
        .join()}]`,
  }
  const [single = 'value'] = fields
  if (!envelope) return print[single]
  const printed = order
    .filter((field) => fields.includes(field))
    .map((field, index) => [`${index === 0 ? '{' : ','}"${field}":`, print[field]] as const)
  return (record) => {
    let text = ''
    for (const [name, valueOf] of printed) text += name + valueOf(record)
    return `${text}}`
  }
}

/** Source: DateTimeFormatter.ISO_INSTANT, which omits a fraction that is zero. */
function isoInstant(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}
