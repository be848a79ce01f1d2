import {
  array,
  ConnectError,
  STRING,
  struct,
  type Header,
  type Schema,
  type SinkRecord,
} from '../../../api/index.ts'
import { valueText } from '../../../java/index.ts'
import type { ObjectFormat, View } from '../ports.ts'

/** The record's value. Source: RecordViews.ValueRecordView. */
export function valueView(format: ObjectFormat): View {
  return {
    kind: 'value',
    format,
    read: ({ valueSchema, value }) => ({ schema: valueSchema, value }),
  }
}

/**
 * The record's key. With `enveloped`, it is the field `key` of a struct, for formats that hold only structs.
 *
 * Throws `HR_DATA_INVALID` for a null key. Source: RecordViews.KeyRecordView.
 */
export function keyView(format: ObjectFormat, enveloped: boolean): View {
  const envelopes = new WeakMap<Schema, Schema>()
  const envelopeOf = (schema: Schema): Schema => {
    let envelope = envelopes.get(schema)
    if (envelope === undefined) {
      envelopes.set(schema, (envelope = struct({ key: schema }, { name: 'RecordKey' })))
    }
    return envelope
  }
  return {
    kind: 'key',
    format,
    read(record) {
      const { key, keySchema } = record
      if (key === null || key === undefined) throw missing('Key', record)
      if (!enveloped) return { schema: keySchema, value: key }
      return { schema: keySchema === null ? null : envelopeOf(keySchema), value: { key } }
    },
  }
}

const headers = array(struct({ key: STRING, value: STRING }))
const envelope = struct({ headers }, { name: 'RecordHeaders' })

/**
 * The record's headers, as an array of structs with the key and the text of the value. With `enveloped`, the array is the
 * field `headers` of a struct, as the JSON and Parquet formats have it.
 *
 * Throws `HR_DATA_INVALID` for a record without headers. Source: RecordViews.HeaderRecordView.
 */
export function headersView(format: ObjectFormat, enveloped: boolean): View {
  return {
    kind: 'headers',
    format,
    read(record) {
      if (record.headers.length === 0) throw missing('Headers', record)
      const value = record.headers.map((header) => ({ key: header.key, value: textOf(header) }))
      return enveloped ? { schema: envelope, value: { headers: value } } : { schema: headers, value }
    },
  }
}

function textOf({ key, schema, value }: Header): string {
  if (value !== null && value !== undefined) return valueText(value, schema)
  throw new ConnectError(
    'HR_DATA_INVALID',
    `The value of the header ${key} is null, expected a value with a text form`,
  )
}

function missing(what: string, { topic, partition, offset }: SinkRecord): ConnectError {
  return new ConnectError(
    'HR_DATA_INVALID',
    `${what} cannot be null for SinkRecord: topic ${topic}, partition ${partition}, offset ${offset}`,
  )
}
