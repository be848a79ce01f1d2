import { isUtf8 } from 'node:buffer'
import type { ConnectRecord, Schema, Serialized } from '../../../../api/index.ts'
import type { RawRecord } from '../../../kafka/index.ts'
import { readable, type Readable } from '../../../pipeline/index.ts'
import type { RecordView } from './protocol.ts'

/** A record between two steps. */
export function recordView(record: ConnectRecord): RecordView {
  const { topic, partition, timestamp, key, keySchema, value, valueSchema, headers } = record
  const { offset, sourcePartition, sourceOffset } = record as {
    offset?: number
    sourcePartition?: unknown
    sourceOffset?: unknown
  }
  return {
    topic,
    partition,
    ...(offset === undefined ? {} : { offset }),
    timestamp,
    key: readable(key, keySchema),
    key_schema: schemaView(keySchema),
    value: readable(value, valueSchema),
    value_schema: schemaView(valueSchema),
    headers: headers.map((header) => ({
      key: header.key,
      value: readable(header.value, header.schema),
      schema: schemaView(header.schema),
    })),
    ...(sourcePartition === undefined ? {} : { source_partition: readable(sourcePartition, null) }),
    ...(sourceOffset === undefined ? {} : { source_offset: readable(sourceOffset, null) }),
  }
}

/** Shows a record as bytes: as text if they are valid UTF-8, otherwise as base64; the schema shows which. */
export function bytesView(
  place: { readonly topic: string; readonly partition: number | null; readonly offset?: number },
  { key, value, timestamp, headers }: RawRecord,
): RecordView {
  const [keyText, keyKind] = bytesText(key)
  const [valueText, valueKind] = bytesText(value)
  return {
    ...place,
    timestamp: timestamp < 0 ? null : timestamp,
    key: keyText,
    key_schema: keyKind,
    value: valueText,
    value_schema: valueKind,
    headers: headers.map((header) => {
      const [text, kind] = bytesText(header.value)
      return { key: header.key, value: text, schema: kind }
    }),
  }
}

function bytesText(bytes: Serialized): [string | null, Readable] {
  if (bytes === null) return [null, null]
  if (typeof bytes === 'string') return [bytes, { type: 'bytes', as: 'utf8' }]
  return isUtf8(bytes)
    ? [bytes.toString('utf8'), { type: 'bytes', as: 'utf8' }]
    : [bytes.toString('base64'), { type: 'bytes', as: 'base64' }]
}

/** Returns a schema as JSON, without properties that have no value. */
function schemaView(schema: Schema | null): Readable {
  if (schema === null) return null
  const { type, optional, name, version, parameters, defaultValue, fields, keySchema, valueSchema } = schema
  return {
    type,
    optional,
    ...(name === null ? {} : { name }),
    ...(version === null ? {} : { version }),
    ...(parameters === null ? {} : { parameters }),
    ...(defaultValue === null ? {} : { default: readable(defaultValue, schema) }),
    ...(type === 'struct'
      ? {
          fields: fields.map((field) => ({
            field: field.name,
            ...(schemaView(field.schema) as Record<string, Readable>),
          })),
        }
      : {}),
    ...(keySchema === null ? {} : { keys: schemaView(keySchema) }),
    ...(valueSchema === null ? {} : { [type === 'array' ? 'items' : 'values']: schemaView(valueSchema) }),
  }
}
