import { defineConfig, oneOf, rule } from '../../../../api/index.ts'
import { bool, int, list, recommends, text } from '../../../shared/setting-rules.ts'
import { credentialsClass } from '../../storage/credentials/provider-classes.ts'
import { DEFAULT_CREDENTIALS } from './classes.ts'
import { regions } from './regions.ts'
import { oneOfLowerCased, oneOfValues, secret } from './rules.ts'

const MIN_PART_BYTES = 5 * 1024 * 1024

/** Source: S3SinkConnectorConfig.PartRange. */
const partSize = rule(
  `[${MIN_PART_BYTES},...,2147483647]`,
  (value) => {
    if (value === null) return 'Part size must be non-null'
    return Number(value) < MIN_PART_BYTES
      ? `Part size must be at least: ${MIN_PART_BYTES} bytes (5MB)`
      : undefined
  },
  { minimum: MIN_PART_BYTES, maximum: 2_147_483_647 },
)

const encryptions = ['AES256', 'aws:fsx', 'aws:kms', 'aws:kms:dsse']

const acls = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]

const provider = rule('a credentials provider of the AWS SDK for Java or of Confluent', (value) => {
  const found = credentialsClass(String(value))
  return 'refused' in found ? found.refused : undefined
})

/** Where objects are stored and how the storage is accessed: the first part of Confluent's group S3. */
export const accessSettings = defineConfig({
  's3.bucket.name': {
    ...text,
    importance: 'high',
    width: 'long',
    displayName: 'S3 Bucket',
    examples: ['shop-events'],
    doc: 'Bucket of the objects. It must exist.',
  },
  's3.object.tagging': {
    ...bool,
    default: false,
    importance: 'low',
    width: 'long',
    displayName: 'S3 Object Tagging',
    doc: 'Whether objects get the tags startOffset, endOffset and recordCount.',
  },
  's3.object.tagging.key.value.pairs': {
    ...list,
    default: [],
    importance: 'low',
    width: 'long',
    displayName: 'S3 Object Tagging Extra Key Value pairs',
    examples: ['team:orders,source:kafka'],
    doc: 'Further tags of objects, as a comma-separated list of key:value. Only effective with s3.object.tagging.',
  },
  's3.object.behavior.on.tagging.error': {
    ...text,
    default: 'ignore',
    validate: oneOfLowerCased('ignore', 'fail'),
    importance: 'low',
    width: 'short',
    displayName: 'Behavior for S3 object tagging error',
    doc: 'What happens if an object cannot be tagged: ignore logs a warning, fail fails the task.',
  },
  's3.region': {
    ...text,
    default: 'us-west-2',
    validate: rule(`[${regions.join(', ')}]`, (value) =>
      /^[a-z0-9-]+$/i.test(String(value)) ? undefined : 'a region such as us-west-2 is expected',
    ),
    ...recommends(...regions),
    importance: 'medium',
    width: 'long',
    displayName: 'AWS region',
    doc: 'Region of the bucket.',
  },
  's3.part.size': {
    ...int,
    default: 25 * 1024 * 1024,
    validate: partSize,
    importance: 'high',
    width: 'long',
    displayName: 'S3 Part Size',
    doc: 'Size of the parts of a multipart upload, in bytes. Smaller objects are uploaded with a single request.',
  },
  's3.credentials.provider.class': {
    type: 'class',
    validate: provider,
    default: DEFAULT_CREDENTIALS,
    importance: 'low',
    width: 'long',
    displayName: 'AWS Credentials Provider Class',
    doc: 'Where credentials come from, unless aws.access.key.id and aws.secret.access.key are set. DefaultCredentialsProvider tries environment variables, the profile, web identity, and the metadata service of the container or instance. AwsAssumeRoleCredentialsProvider reads settings with the prefix s3.credentials.provider.',
  },
  'aws.access.key.id': {
    ...text,
    default: '',
    importance: 'high',
    width: 'long',
    displayName: 'AWS Access Key ID',
    doc: 'Access key. Used together with aws.secret.access.key.',
  },
  'aws.secret.access.key': {
    ...secret,
    importance: 'high',
    width: 'long',
    displayName: 'AWS Secret Access Key',
    doc: 'Secret of the access key.',
  },
  's3.ssea.name': {
    ...text,
    default: '',
    validate: oneOf('', ...encryptions),
    ...recommends(...encryptions),
    importance: 'low',
    width: 'long',
    displayName: 'S3 Server Side Encryption Algorithm',
    doc: 'Encryption of objects by the server. If empty, the bucket decides.',
  },
  's3.sse.customer.key': {
    ...secret,
    importance: 'low',
    width: 'long',
    displayName: 'S3 Server Side Encryption Customer-Provided Key (SSE-C)',
    doc: 'Key of 32 bytes in base64 that the server encrypts objects with and does not keep. Requires s3.ssea.name=AES256.',
  },
  's3.sse.kms.key.id': {
    ...text,
    default: '',
    recommender: {
      validValues: () => [],
      visible: (props) => props['s3.ssea.name']?.trim().toLowerCase() === 'aws:kms',
    },
    importance: 'low',
    width: 'long',
    displayName: 'S3 Server Side Encryption Key',
    doc: 'ID or ARN of the key of the AWS Key Management Service. Requires s3.ssea.name=aws:kms or aws:kms:dsse. If empty, the key that AWS manages is used.',
  },
  's3.acl.canned': {
    ...text,
    default: null,
    validate: oneOfValues(...acls),
    importance: 'low',
    width: 'long',
    displayName: 'S3 Canned ACL',
    doc: 'Canned ACL of objects. Only for buckets that have not disabled ACLs.',
  },
  's3.wan.mode': {
    ...bool,
    default: false,
    importance: 'medium',
    width: 'long',
    displayName: 'S3 accelerated endpoint enabled',
    doc: 'Whether to use the accelerate endpoint. Requires s3.path.style.access.enabled=false.',
  },
})
