import { between, defineConfig, nonEmpty, rule } from '../../../../api/index.ts'
import { credentialsClass } from '../../storage/credentials/provider-classes.ts'
import { low, medium, nonEmptySecret, optional, secret, text } from './rules.ts'

const provider = optional((name) => {
  const found = credentialsClass(name)
  return 'refused' in found ? found.refused : undefined
}, 'a credentials provider of the AWS SDK for Java')

/** Source: S3ConfigFragment.BucketNameValidator, without the limits that only AWS has. */
const bucketName = optional(
  (name) =>
    /^[\w.-]{1,255}$/.test(name) ? undefined : 'the name of a bucket is expected, without a prefix or an ARN',
  'the name of a bucket',
)

/** Source: UrlValidator. */
const url = optional((value) => {
  if (value.trim() === '') return 'String must be non-empty'
  const full = value.includes('://') ? value : `https://${value}`
  return /^https?:/i.test(full) && URL.canParse(full) ? undefined : 'should be valid URL'
}, 'A valid URL.  Will default to https protocol if not otherwise specified.')

const region = optional(
  (name) => (/^[a-z0-9-]+$/.test(name) ? undefined : 'a region such as us-east-1 is expected'),
  'a region such as us-east-1',
)

const aws = { ...medium, group: 'AWS' } as const
const sts = { ...medium, group: 'AWS STS' } as const

/** Where objects are stored. Source: S3ConfigFragment. */
export const awsSettings = defineConfig({
  'aws.access.key.id': {
    ...secret,
    ...aws,
    order: 1,
    validate: nonEmptySecret,
    doc: 'Access key. Used together with aws.secret.access.key.',
  },
  'aws.secret.access.key': {
    ...secret,
    ...aws,
    order: 2,
    validate: nonEmptySecret,
    doc: 'Secret of the access key.',
  },
  'aws.credentials.provider': {
    type: 'class',
    default: null,
    ...aws,
    order: 3,
    validate: provider,
    doc: 'Where credentials come from, unless an access key or a role is set. Default: environment variables, the profile, web identity, and the metadata service of the container or instance.',
  },
  'aws.s3.bucket.name': {
    ...text,
    ...aws,
    order: 4,
    validate: bucketName,
    examples: ['shop-events'],
    doc: 'Required. Bucket of the objects. It must exist.',
  },
  'aws.s3.sse.algorithm': {
    ...text,
    ...aws,
    order: 5,
    validate: optional(
      (name) =>
        /^(?:AES256|aws:kms|aws:kms:dsse|aws:fsx)$/.test(name)
          ? undefined
          : 'AES256, aws:kms or aws:kms:dsse is expected',
      'non-empty string',
    ),
    doc: 'Encryption of objects by the server: AES256, aws:kms or aws:kms:dsse. Default: that of the bucket.',
  },
  'aws.s3.endpoint': {
    ...text,
    group: 'AWS',
    ...low,
    order: 6,
    validate: url,
    doc: 'URL of a storage that is compatible with S3; the bucket is then part of the path. Default: that of AWS in the region.',
  },
  'aws.s3.region': {
    ...text,
    ...aws,
    order: 7,
    validate: region,
    doc: 'Region of the bucket. Default: us-east-1.',
  },
  'aws.s3.prefix': {
    ...text,
    ...aws,
    order: 8,
    validate: nonEmpty,
    deprecated: 'file.name.template',
    doc: 'Start of the names of objects, a template with topic, partition, start_offset and timestamp. The names then end with the topic, the partition and the offset, and file.name.template has no effect on them.',
  },
  'aws.s3.fetch.page.size': {
    type: 'int',
    default: 10,
    ...aws,
    order: 9,
    validate: between(1),
    doc: 'Setting of Aiven’s source. Without effect.',
  },
  'aws.s3.fetch.buffer.size': {
    type: 'int',
    default: 1000,
    ...aws,
    order: 10,
    validate: between(1),
    doc: 'Setting of Aiven’s source. Without effect.',
  },
  'aws.sts.role.arn': {
    ...text,
    ...sts,
    order: 1,
    validate: nonEmpty,
    doc: 'Role to assume. Requires aws.sts.role.session.name.',
  },
  'aws.sts.role.session.name': {
    ...text,
    ...sts,
    order: 2,
    validate: nonEmpty,
    doc: 'Name of the sessions of the role, for logs of AWS.',
  },
  'aws.sts.role.session.duration': {
    type: 'int',
    default: 3600,
    ...sts,
    order: 3,
    validate: between(900, 43_200),
    doc: 'Duration of the sessions of the role, in seconds. They are renewed in time.',
  },
  'aws.sts.role.external.id': {
    ...text,
    ...sts,
    order: 4,
    validate: nonEmpty,
    doc: 'External ID, if the role expects one.',
  },
  'aws.sts.config.endpoint': {
    ...text,
    default: 'https://sts.amazonaws.com',
    ...sts,
    order: 5,
    validate: nonEmpty,
    doc: 'URL of the Security Token Service. Another one than the default requires aws.s3.region.',
  },
})

/** Names before version 2.6. Source: S3ConfigFragment.addDeprecatedConfiguration. */
export const oldSettings = defineConfig({
  aws_access_key_id: {
    ...secret,
    ...medium,
    validate: nonEmptySecret,
    deprecated: 'aws.access.key.id',
    doc: 'Access key.',
  },
  aws_secret_access_key: {
    ...secret,
    ...medium,
    validate: nonEmptySecret,
    deprecated: 'aws.secret.access.key',
    doc: 'Secret of the access key.',
  },
  aws_s3_bucket: {
    ...text,
    ...medium,
    validate: bucketName,
    deprecated: 'aws.s3.bucket.name',
    doc: 'Bucket of the objects.',
  },
  aws_s3_endpoint: {
    ...text,
    ...low,
    validate: url,
    deprecated: 'aws.s3.endpoint',
    doc: 'URL of the storage.',
  },
  aws_s3_region: {
    ...text,
    ...medium,
    validate: region,
    deprecated: 'aws.s3.region',
    doc: 'Region of the bucket.',
  },
  aws_s3_prefix: {
    ...text,
    ...medium,
    validate: nonEmpty,
    deprecated: 'file.name.template',
    doc: 'Start of the names of objects, see aws.s3.prefix.',
  },
})

const backoff = { ...medium, group: 'S3 retry backoff policy' } as const

/** Source: S3ConfigFragment.addS3RetryPolicies. */
export const retrySettings = defineConfig({
  'aws.s3.backoff.delay.ms': {
    type: 'long',
    default: 100,
    ...backoff,
    order: 1,
    validate: between(1),
    doc: 'Longest time before the first repetition of a request, in milliseconds. It doubles for each further one; the actual time is random.',
  },
  'aws.s3.backoff.max.delay.ms': {
    type: 'long',
    default: 20_000,
    ...backoff,
    order: 2,
    validate: between(1),
    doc: 'Longest time before any repetition of a request, in milliseconds.',
  },
  'aws.s3.backoff.max.retries': {
    type: 'int',
    default: 3,
    ...backoff,
    order: 3,
    validate: between(1, 30),
    doc: 'How many times a failed request is repeated.',
  },
})

const MAX_PART_BYTES = 2_000_000_000

/** Source: S3SinkConfig.addS3partSizeConfig. */
export const partSettings = defineConfig({
  'aws.s3.part.size.bytes': {
    type: 'int',
    default: 5 * 1024 * 1024,
    ...aws,
    order: 0,
    validate: rule(`[1,...,${MAX_PART_BYTES}]`, (value) => {
      if (value === null) return 'Part size must be non-null'
      if (Number(value) <= 0) return 'Part size must be greater than 0'
      return Number(value) > MAX_PART_BYTES
        ? `Part size must be no more: ${MAX_PART_BYTES} bytes (2GB)`
        : undefined
    }),
    doc: 'Size of the parts of a multipart upload, in bytes; at least 5 MiB are used, as S3 requires. Smaller objects are uploaded with a single request.',
  },
})
