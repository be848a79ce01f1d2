/*
 * Names of Java classes that stand for parts of this connector. Source: io.confluent.connect.s3 and
 * io.confluent.connect.storage.
 */

const FORMAT = 'io.confluent.connect.s3.format.'

/** Classes of `format.class` and what they write. */
export const formatClasses = {
  [`${FORMAT}avro.AvroFormat`]: 'avro',
  [`${FORMAT}json.JsonFormat`]: 'json',
  [`${FORMAT}bytearray.ByteArrayFormat`]: 'bytes',
  [`${FORMAT}parquet.ParquetFormat`]: 'parquet',
} as const satisfies Readonly<Record<string, string>>

export type FormatName = (typeof formatClasses)[keyof typeof formatClasses]

export const AVRO_FORMAT = `${FORMAT}avro.AvroFormat`
export const PARQUET_FORMAT = `${FORMAT}parquet.ParquetFormat`

/** Formats whose objects can be compressed as a whole. Source: S3SinkConnectorValidator. */
export const compressible: readonly FormatName[] = ['json', 'bytes']

export const STORAGE_CLASS = 'io.confluent.connect.s3.storage.S3Storage'

const PARTITIONER = 'io.confluent.connect.storage.partitioner.'

/** Classes of `partitioner.class`, in Confluent's order. */
export const partitionerClasses = {
  [`${PARTITIONER}DefaultPartitioner`]: 'default',
  [`${PARTITIONER}HourlyPartitioner`]: 'hourly',
  [`${PARTITIONER}DailyPartitioner`]: 'daily',
  [`${PARTITIONER}TimeBasedPartitioner`]: 'time',
  [`${PARTITIONER}FieldPartitioner`]: 'field',
} as const satisfies Readonly<Record<string, string>>

export type PartitionerName = (typeof partitionerClasses)[keyof typeof partitionerClasses]

export const DEFAULT_PARTITIONER = `${PARTITIONER}DefaultPartitioner`

/** Values of `timestamp.extractor`, and the classes that they stand for. */
export const extractors = {
  Wallclock: 'wallclock',
  Record: 'record',
  RecordField: 'field',
  [`${PARTITIONER}TimeBasedPartitioner$WallclockTimestampExtractor`]: 'wallclock',
  [`${PARTITIONER}TimeBasedPartitioner$RecordTimestampExtractor`]: 'record',
  [`${PARTITIONER}TimeBasedPartitioner$RecordFieldTimestampExtractor`]: 'field',
} as const satisfies Readonly<Record<string, string>>

export const DEFAULT_CREDENTIALS = 'software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider'
