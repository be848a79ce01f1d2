import type { Schema } from '../../../../api/index.ts'
import type { ObjectFormat } from '../../ports.ts'
import type { AvroCodec } from './container/codecs.ts'
import { AvroEncoder } from './container/encoder.ts'
import type { AvroDataSettings } from './settings.ts'
import { writingOf, type Writing } from './values/index.ts'

export interface AvroFormatOptions extends AvroDataSettings {
  readonly codec: AvroCodec
}

/** Avro object container files, with the schemas of Confluent's AvroData. Source: AvroFormat, AvroRecordWriterProvider. */
export function avroFormat({ codec, ...settings }: AvroFormatOptions): ObjectFormat {
  const compiled = new WeakMap<Schema, Writing>()
  let schemaless: Writing | undefined
  const writing = (schema: Schema | null): Writing => {
    if (schema === null) return (schemaless ??= writingOf(null, settings))
    let known = compiled.get(schema)
    if (known === undefined) compiled.set(schema, (known = writingOf(schema, settings)))
    return known
  }
  return {
    extension: '.avro',
    contentType: 'application/octet-stream',
    contentEncoding: null,
    open: (schema, output) => new AvroEncoder(schema, writing(schema), codec, output),
  }
}
