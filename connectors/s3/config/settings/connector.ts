import { between, defineConfig, oneOf } from '../../../../api/index.ts'
import { bool, inGroup, int, long, recommends, text } from '../../../shared/setting-rules.ts'
import { AVRO_FORMAT, formatClasses, PARQUET_FORMAT, recommendedFormats } from './classes.ts'
import { classAmong, except, oneOfValues } from './rules.ts'

const avroCodecs = ['null', 'deflate', 'snappy', 'bzip2']

/** In Confluent's order, which is that of a HashMap. */
const parquetCodecs = ['none', 'gzip', 'snappy', 'lz4', 'brotli', 'lz4_raw', 'zstd', 'lzo']

/** Also for Aiven's sink. */
export const avroCodec = except(oneOf(...avroCodecs), {
  bzip2: 'there is no maintained library that writes bzip2; use deflate or snappy',
})

const parquetCodec = except(oneOfValues(...parquetCodecs), {
  lzo: 'there is no library for lzo with a suitable license; use zstd, snappy or lz4_raw',
})

const formats = Object.keys(formatClasses)

/** Says which of the own formats writes what a format of another connector or an extension writes. */
export function formatInstead(name: string): string | undefined {
  const simple = name.slice(name.lastIndexOf('.') + 1)
  const same = formats.find((known) => known.endsWith(`.${simple}`))
  if (same !== undefined) return `use ${same}`
  return /string|text|csv/i.test(simple)
    ? 'for lines of text, use StringFormat with the StringConverter, or ByteArrayFormat with the ByteArrayConverter'
    : undefined
}

export const formatClass = classAmong(formats, formatInstead)

const visibleFor = (format: string, values: readonly string[]) => ({
  recommender: {
    validValues: () => values,
    visible: (props: Readonly<Record<string, string | null>>) => props['format.class']?.trim() === format,
  },
})

/** What is written, and when objects end. Source: StorageSinkConnectorConfig. */
export const connectorSettings = inGroup(
  'Connector',
  defineConfig({
    'format.class': {
      ...formatClass,
      ...recommends(...recommendedFormats),
      importance: 'high',
      displayName: 'Format class',
      doc: 'Format of the objects. StringFormat writes values that are strings as lines.',
    },
    'flush.size': {
      ...int,
      validate: between(1),
      importance: 'high',
      width: 'long',
      displayName: 'Flush Size',
      examples: ['10000'],
      doc: 'Number of records after which the objects of a topic partition are completed. Counts the records of all its directories.',
    },
    'rotate.interval.ms': {
      ...long,
      default: -1,
      importance: 'high',
      width: 'medium',
      displayName: 'Rotate Interval (ms)',
      examples: ['600000'],
      doc: 'Objects are completed when a record is this much later than their first record, in milliseconds, by the time of the timestamp extractor; -1 for never. Only effective with a partitioner by time. The next record decides: without new records, objects stay open.',
    },
    'rotate.schedule.interval.ms': {
      ...long,
      default: -1,
      importance: 'medium',
      width: 'medium',
      displayName: 'Rotate Schedule Interval (ms)',
      examples: ['3600000'],
      doc: 'Interval in which all objects are completed, in milliseconds by the clock, counted from midnight in the time zone timezone; -1 for never. Also effective without new records.',
    },
    'schemas.cache.config': {
      ...int,
      default: 1000,
      importance: 'low',
      width: 'long',
      displayName: 'Schema Cache Size',
      doc: 'Number of schemas that Confluent’s connector keeps. Without effect: the schemas in use are kept.',
    },
    'enhanced.avro.schema.support': {
      ...bool,
      default: true,
      importance: 'low',
      width: 'short',
      displayName: 'Enhanced Avro Support',
      doc: 'Whether Avro files have the enums and the namespaces of the schemas that the Avro converter has read.',
    },
    'connect.meta.data': {
      ...bool,
      default: true,
      importance: 'low',
      width: 'short',
      displayName: 'Connect Metadata',
      doc: 'Whether Avro schemas contain the names, versions, docs and parameters of the Connect schemas.',
    },
    'retry.backoff.ms': {
      ...long,
      default: 5000,
      validate: between(0),
      importance: 'low',
      width: 'medium',
      displayName: 'Retry Backoff (ms)',
      doc: 'Time between attempts to store an object after the storage has failed in spite of s3.part.retries, in milliseconds.',
    },
  }),
)

/** Confluent’s connector hides shutdown.timeout.ms, which would be the ninth. */
export const namingSettings = inGroup(
  'Connector',
  defineConfig({
    'filename.offset.zero.pad.width': {
      ...int,
      default: 10,
      validate: between(0),
      importance: 'low',
      width: 'long',
      displayName: 'Filename Offset Zero Pad Width',
      doc: 'Number of digits of the offset in the names of objects; shorter offsets are filled with zeros.',
    },
    'avro.codec': {
      ...text,
      default: 'null',
      validate: avroCodec,
      ...visibleFor(AVRO_FORMAT, avroCodecs),
      importance: 'low',
      width: 'medium',
      displayName: 'Avro Compression Codec',
      doc: 'Compression of Avro files.',
    },
    'allow.optional.map.keys': {
      ...bool,
      default: false,
      importance: 'low',
      width: 'short',
      displayName: 'Allow Optional Map Keys',
      doc: 'Whether Avro and Parquet write maps with optional string keys as maps with string keys.',
    },
  }),
  10,
)

export const schemaSettings = inGroup(
  'Schema',
  defineConfig({
    'schema.compatibility': {
      ...text,
      default: 'NONE',
      validate: oneOf('NONE', 'BACKWARD', 'FORWARD', 'FULL'),
      ...recommends('NONE', 'BACKWARD', 'FORWARD', 'FULL'),
      importance: 'high',
      width: 'short',
      displayName: 'Schema Compatibility',
      doc: 'What happens if the schema of the values changes: NONE completes the objects at each change; BACKWARD and FULL convert records with an older schema to that of the object, and complete it for a newer one; FORWARD converts those with a newer schema.',
    },
  }),
)

export const parquetSettings = inGroup(
  'Connector',
  defineConfig({
    'parquet.codec': {
      ...text,
      default: 'snappy',
      validate: parquetCodec,
      ...visibleFor(PARQUET_FORMAT, parquetCodecs),
      importance: 'low',
      width: 'medium',
      displayName: 'Parquet Compression Codec',
      doc: 'Compression of Parquet files.',
    },
  }),
  13,
)
