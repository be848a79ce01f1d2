import type { TaskProps } from '../../../api/index.ts'
import {
  byteArrayFormat,
  gzip,
  headersView,
  jsonFormat,
  keyView,
  textFormat,
  uncompressed,
  valueView,
} from '../formats/index.ts'
import type { ObjectFormat, View } from '../ports.ts'
import type { S3SinkConfig } from './definition.ts'
import { unescapeJava } from './java-escapes.ts'
import { formatOf } from './settings/classes.ts'

/**
 * Creates what is written of each record. The packages of a format are loaded only if it is used.
 *
 * `props` are the settings as texts: white space counts in the separator. Source: S3SinkTask.newRecordWriterProvider.
 */
export async function viewsOf(config: S3SinkConfig, props: TaskProps): Promise<readonly View[]> {
  const views = [valueView(await formatNamed(config['format.class'], config, props))]
  if (config['store.kafka.keys']) {
    const name = config['keys.format.class']
    views.push(keyView(await formatNamed(name, config, props), formatOf(name) === 'parquet'))
  }
  if (config['store.kafka.headers']) {
    const name = config['headers.format.class']
    const enveloped = ['parquet', 'json'].includes(formatOf(name) ?? '')
    views.push(headersView(await formatNamed(name, config, props), enveloped))
  }
  return views
}

async function formatNamed(name: string, config: S3SinkConfig, props: TaskProps): Promise<ObjectFormat> {
  const compression =
    config['s3.compression.type'] === 'gzip' ? gzip(config['s3.compression.level']) : uncompressed
  switch (formatOf(name)) {
    case 'avro': {
      const { avroFormat, writableCodec } = await import('../formats/avro/index.ts')
      return avroFormat({ ...avroData(config), codec: writableCodec(config['avro.codec']) })
    }
    case 'parquet': {
      const { parquetFormat, writableParquetCodec } = await import('../formats/parquet/index.ts')
      return parquetFormat({ ...avroData(config), codec: writableParquetCodec(config['parquet.codec']) })
    }
    case 'bytes':
      return byteArrayFormat(
        { extension: config['format.bytearray.extension'], separator: separatorOf(props) },
        compression,
      )
    case 'text':
      return textFormat(compression)
    default:
      return jsonFormat(
        config['json.decimal.format'].toLowerCase() === 'numeric' ? 'numeric' : 'base64',
        compression,
      )
  }
}

/** The settings of Avro schemas, which Parquet files are derived from as well. */
export const avroData = (
  config: Pick<
    S3SinkConfig,
    'enhanced.avro.schema.support' | 'connect.meta.data' | 'allow.optional.map.keys'
  >,
) => ({
  enhancedSchemaSupport: config['enhanced.avro.schema.support'],
  connectMetaData: config['connect.meta.data'],
  allowOptionalMapKeys: config['allow.optional.map.keys'],
})

/** Source: S3SinkConnectorConfig.getFormatByteArrayLineSeparator. Differs: a line feed on every platform. */
function separatorOf(props: TaskProps): string {
  return unescapeJava(props['format.bytearray.separator'] ?? '\n')
}
