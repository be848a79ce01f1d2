import { schemaCompatibility } from '../compatibility/index.ts'
import { avroData } from '../config/views.ts'
import { compressionNamed } from '../formats/index.ts'
import type { SchemaCompatibility, SinkPlan, View } from '../ports.ts'
import type { AivenSinkConfig } from './definition.ts'
import { grouping, nameTemplates } from './name-templates.ts'
import { nameOf, namePartitioner } from './names.ts'
import { outputCompression, outputSettings, outputType } from './output.ts'
import { compressed } from './records/compressed.ts'
import { recordCsvFormat } from './records/csv-rows.ts'
import { recordStruct } from './records/envelope.ts'
import { recordJsonFormat } from './records/json-rows.ts'

const RETRY_BACKOFF_MS = 5000

/**
 * Creates the plan of the settings: objects end at each commit of offsets and after `file.max.records`.
 *
 * Throws `HR_CONFIG_INVALID` for an invalid template. Source: S3SinkTask, RecordGrouperFactory. Differs: an object that exists
 * with the same records is kept; an object of a key is not replaced by an older record.
 */
export async function aivenSinkPlan(config: AivenSinkConfig): Promise<SinkPlan> {
  const byKey = grouping(config) === 'key'
  const maxRecords = config['file.max.records']
  const hasSchemas = ['avro', 'parquet'].includes(outputType(config))
  return {
    partitioner: namePartitioner(nameTemplates(config)),
    rotation: {
      flushSize: byKey || maxRecords === 0 ? null : maxRecords,
      intervalMs: null,
      onDirectoryChange: false,
      nextScheduled: null,
      atCommit: true,
      maxOpenDirectories: null,
    },
    compatibility: hasSchemas ? schemaCompatibility('NONE') : anySchema,
    views: [await recordView(config)],
    objectKey: nameOf,
    whenExists: byKey ? 'keep-newer' : 'keep',
    nullValues: 'keep',
    tombstoneDirectory: '',
    latestOnly: byKey,
    retryBackoffMs: config['kafka.retry.backoff.ms'] ?? RETRY_BACKOFF_MS,
    maxPutMs: null,
  }
}

/** Text formats hold records of all schemas. */
const anySchema: SchemaCompatibility = {
  mustRotate: () => false,
  project: (record) => record,
}

async function recordView(config: AivenSinkConfig): Promise<View> {
  const type = outputType(config)
  if (type === 'avro') return avroView(config)
  if (type === 'parquet') return parquetView(config)
  const settings = outputSettings(config)
  const compression = compressionNamed(outputCompression(config))
  const encoding = config['format.output.fields.value.encoding'].toLowerCase() === 'none' ? 'none' : 'base64'
  const format =
    type === 'csv'
      ? recordCsvFormat(settings, encoding, compression)
      : recordJsonFormat(type, settings, compression)
  return { kind: 'value', format, read: (record) => ({ schema: null, value: record }) }
}

/** Source: AvroOutputWriter, AvroSchemaBuilder. */
async function avroView(config: AivenSinkConfig): Promise<View> {
  const { avroFormat, writableCodec } = await import('../formats/avro/index.ts')
  const format = avroFormat({ ...avroData(config), codec: writableCodec(config['avro.codec']) })
  return {
    kind: 'value',
    format: compressed(format, compressionNamed(outputCompression(config))),
    read: recordStruct(outputSettings(config), 'io.aiven.avro.output.schema'),
  }
}

/** The compression is that of the pages. Source: ParquetOutputWriter, ParquetSchemaBuilder, ParquetConfig. */
async function parquetView(config: AivenSinkConfig): Promise<View> {
  const { parquetFormat, writableParquetCodec } = await import('../formats/parquet/index.ts')
  const codec = writableParquetCodec(outputCompression(config), 'file.compression.type')
  return {
    kind: 'value',
    format: parquetFormat({ ...avroData(config), codec }),
    read: recordStruct(outputSettings(config), 'io.aiven.parquet.output.schema'),
  }
}
