import { defineConfig } from '../../../../api/index.ts'
import { asExtensions, bool, text } from '../../../shared/setting-rules.ts'
import { avroCodec } from '../../config/settings/connector.ts'

/** Settings that Aiven's connector reads without listing them. Source: AvroConfig, AvroDataConfig. */
export const avroSettings = asExtensions(
  defineConfig({
    'avro.codec': {
      ...text,
      default: 'null',
      validate: avroCodec,
      importance: 'low',
      doc: 'Compression of the blocks of Avro files, besides file.compression.type.',
    },
    'enhanced.avro.schema.support': {
      ...bool,
      default: false,
      importance: 'low',
      doc: 'Whether Avro files have the enums and the namespaces of the schemas that the Avro converter has read.',
    },
    'connect.meta.data': {
      ...bool,
      default: true,
      importance: 'low',
      doc: 'Whether Avro schemas contain the names, versions, docs and parameters of the Connect schemas.',
    },
    'allow.optional.map.keys': {
      ...bool,
      default: false,
      importance: 'low',
      doc: 'Whether Avro and Parquet write maps with optional string keys as maps with string keys.',
    },
  }),
)
