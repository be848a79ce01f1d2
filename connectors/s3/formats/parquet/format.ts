import { ConnectError, type Schema } from '../../../../api/index.ts'
import { blockCodec, type BlockCodec } from '../../compression/index.ts'
import type { ObjectFormat } from '../../ports.ts'
import { avroSchemaText, type AvroDataSettings } from '../avro/index.ts'
import { parquetCodecs, type ParquetCodec, type ParquetCodecName } from './codecs.ts'
import { copyOf } from './columns/byte-sink.ts'
import type { Compress } from './columns/page-list.ts'
import { hadoopLz4 } from './hadoop-lz4.ts'
import { parquetSchemaOf } from './schema/from-avro.ts'
import { leavesOf } from './schema/parquet-type.ts'
import { ParquetEncoder, type EncoderOptions } from './write/encoder.ts'
import { shredderOf } from './write/shredder.ts'

export interface ParquetFormatOptions extends AvroDataSettings {
  readonly codec: ParquetCodecName
}

interface SchemaOptions {
  readonly codec: ParquetCodecName
  /** Returns the Avro schema of a Connect schema as JSON. It determines the schema of the file, and is stored in it. */
  readonly avroSchemaOf: (schema: Schema) => string
}

/**
 * Parquet files as Confluent's ParquetFormat writes them: with the schema that parquet-avro derives from the Avro schema,
 * which is stored in the file.
 *
 * Source: ParquetRecordWriterProvider, AvroParquetWriter. Differs: pages have up to 256 KiB instead of 64 KiB, row groups
 * up to 64 MiB before compression, and fewer when memory is short.
 */
export function parquetFormat({ codec, ...settings }: ParquetFormatOptions): ObjectFormat {
  return parquetFormatWith({ codec, avroSchemaOf: (schema) => avroSchemaText(schema, settings) })
}

/** The format with Avro schemas of another origin. */
export function parquetFormatWith({ codec, avroSchemaOf }: SchemaOptions): ObjectFormat {
  const { code, extension, blocks }: ParquetCodec = parquetCodecs[codec]
  const compress = blocks === null ? null : compressWith(codec, blockCodec(blocks))
  const shared = new WeakMap<Schema, EncoderOptions>()

  const optionsOf = (schema: Schema): EncoderOptions => {
    let options = shared.get(schema)
    if (options === undefined) {
      if (schema.type !== 'struct') throw notStruct(schema)
      const avroSchema = avroSchemaOf(schema)
      const root = parquetSchemaOf(avroSchema, hasNullableElements(schema))
      const metadata = { 'parquet.avro.schema': avroSchema, 'writer.model.name': 'avro' }
      const shredder = shredderOf(schema, root)
      options = { root, leaves: leavesOf(root), shredder, metadata, codec: code, compress }
      shared.set(schema, options)
    }
    return options
  }

  return {
    extension: `${extension}.parquet`,
    contentType: 'application/vnd.apache.parquet',
    contentEncoding: null,
    open(schema, output) {
      if (schema === null) throw schemaless()
      return new ParquetEncoder(optionsOf(schema), output)
    },
  }
}

function compressWith(name: ParquetCodecName, codec: Promise<BlockCodec>): Compress {
  const ready = name === 'lz4' ? codec.then(hadoopLz4) : codec
  // A codec that cannot be loaded fails the first write that needs it.
  ready.catch(() => {})
  // Results of native code keep the memory for the largest result that was possible.
  return async (bytes) => copyOf(await (await ready).compress(bytes))
}

/** Whether there is an array with optional elements. Source: ParquetRecordWriterProvider.schemaHasArrayOfOptionalItems. */
function hasNullableElements({ type, fields, valueSchema }: Schema): boolean {
  if (type === 'struct') return fields.some(({ schema }) => hasNullableElements(schema))
  if (valueSchema === null) return false
  return (type === 'array' && valueSchema.optional) || hasNullableElements(valueSchema)
}

const notStruct = (schema: Schema) =>
  new ConnectError(
    'HR_DATA_INVALID',
    `Parquet files hold structs, but the values have the schema ${schema.toString()}. ` +
      'The HoistField transform makes a struct of a value.',
  )

const schemaless = () =>
  new ConnectError(
    'HR_DATA_INVALID',
    'Parquet files need a schema, but the values have none. Use a converter with schemas.',
  )
