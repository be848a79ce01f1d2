import { between, defineConfig } from '../../../../api/index.ts'
import { asExtensions, long, text } from '../../../shared/setting-rules.ts'

const MIB = 1024 * 1024

/** Own settings of memory and disk. Responses include only those that the request sets. */
export const memorySettings = asExtensions(
  defineConfig({
    'headrace.s3.buffer.max.bytes': {
      ...long,
      default: 128 * MIB,
      validate: between(16 * MIB),
      importance: 'medium',
      doc: 'Memory of a task for data that has not been uploaded, in bytes. More data is kept in a temporary file.',
    },
    'headrace.s3.staging.max.bytes': {
      ...long,
      default: 1024 * MIB,
      validate: between(0),
      importance: 'medium',
      doc: 'Size of the temporary file of a task, in bytes. Beyond it, the largest open objects are uploaded before they are complete.',
    },
    'headrace.s3.staging.dir': {
      ...text,
      default: null,
      importance: 'low',
      doc: 'Folder of the temporary file. Default: that of the operating system.',
    },
  }),
)

/**
 * Settings of AwsAssumeRoleCredentialsProvider, which Confluent's connector reads without listing them.
 * Source: AwsAssumeRoleCredentialsProvider.STS_CONFIG_DEF.
 */
const sts = { ...text, default: '', importance: 'medium' } as const

export const roleSettings = asExtensions(
  defineConfig({
    's3.credentials.provider.sts.role.arn': {
      ...sts,
      examples: ['arn:aws:iam::012345678901:role/shop-writer'],
      doc: 'Role to assume. Required with AwsAssumeRoleCredentialsProvider.',
    },
    's3.credentials.provider.sts.role.session.name': {
      ...sts,
      doc: 'Name of the sessions of the role, for logs of AWS. Required with AwsAssumeRoleCredentialsProvider.',
    },
    's3.credentials.provider.sts.role.external.id': {
      ...sts,
      doc: 'External ID, if the role expects one.',
    },
    's3.credentials.provider.sts.region': {
      ...sts,
      doc: 'Region of the Security Token Service. Default: that of the environment.',
    },
  }),
)
