/*
 * Names of Java classes that stand for parts of this connector. Source: io.confluent.connect.s3 and
 * io.confluent.connect.storage.
 */

const FORMAT = 'io.confluent.connect.s3.format.'

/** Classes of `format.class` and what they write. Confluent has StringFormat in sinks for other storages. */
export const formatClasses = {
  [`${FORMAT}avro.AvroFormat`]: 'avro',
  [`${FORMAT}json.JsonFormat`]: 'json',
  [`${FORMAT}bytearray.ByteArrayFormat`]: 'bytes',
  [`${FORMAT}parquet.ParquetFormat`]: 'parquet',
  [`${FORMAT}string.StringFormat`]: 'text',
} as const satisfies Readonly<Record<string, string>>

export type FormatName = (typeof formatClasses)[keyof typeof formatClasses]

/** Returns the format that a class stands for. */
export const formatOf = (name: string): FormatName | undefined =>
  Object.hasOwn(formatClasses, name) ? formatClasses[name as keyof typeof formatClasses] : undefined

/** The formats that Confluent's sink for S3 recommends. */
export const recommendedFormats = Object.keys(formatClasses).filter((name) => formatOf(name) !== 'text')

export const AVRO_FORMAT = `${FORMAT}avro.AvroFormat`
export const PARQUET_FORMAT = `${FORMAT}parquet.ParquetFormat`

/** Formats whose objects can be compressed as a whole. Source: S3SinkConnectorValidator. */
export const compressible: readonly FormatName[] = ['json', 'bytes', 'text']

export const STORAGE_CLASS = 'io.confluent.connect.s3.storage.S3Storage'

export const DEFAULT_PARTITIONER = 'io.confluent.connect.storage.partitioner.DefaultPartitioner'

export const DEFAULT_CREDENTIALS = 'software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider'
