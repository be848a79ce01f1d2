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

const SDK = 'software.amazon.awssdk.auth.credentials.'
const SDK1 = 'com.amazonaws.auth.'

export const DEFAULT_CREDENTIALS = `${SDK}DefaultCredentialsProvider`
export const ASSUME_ROLE = 'io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider'

/** Classes of `s3.credentials.provider.class`, those of the older AWS SDK included, and where their credentials come from. */
export const credentialsClasses = {
  [DEFAULT_CREDENTIALS]: 'default',
  [ASSUME_ROLE]: 'assume-role',
  [`${SDK}AnonymousCredentialsProvider`]: 'anonymous',
  [`${SDK}EnvironmentVariableCredentialsProvider`]: 'environment',
  [`${SDK}ProfileCredentialsProvider`]: 'profile',
  [`${SDK}ContainerCredentialsProvider`]: 'container',
  [`${SDK}InstanceProfileCredentialsProvider`]: 'instance',
  [`${SDK}WebIdentityTokenFileCredentialsProvider`]: 'web-identity',
  [`${SDK1}DefaultAWSCredentialsProviderChain`]: 'default',
  [`${SDK1}EnvironmentVariableCredentialsProvider`]: 'environment',
  [`${SDK1}profile.ProfileCredentialsProvider`]: 'profile',
  [`${SDK1}EC2ContainerCredentialsProviderWrapper`]: 'container',
  [`${SDK1}InstanceProfileCredentialsProvider`]: 'instance',
  [`${SDK1}WebIdentityTokenCredentialsProvider`]: 'web-identity',
} as const satisfies Readonly<Record<string, string>>

export type CredentialsName = (typeof credentialsClasses)[keyof typeof credentialsClasses]
