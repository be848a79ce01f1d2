import { tmpdir } from 'node:os'
import type { S3SinkConfig } from './definition.ts'
import {
  credentialsClass,
  type CredentialsChoice,
  type Encryption,
  type StorageSettings,
} from '../storage/index.ts'
import { tagsOf } from './tags.ts'

/** Source: S3SinkConnectorConfig.S3_RETRY_MAX_BACKOFF_TIME_MS. */
const RETRY_BACKOFF_MAX_MS = 24 * 60 * 60 * 1000

/** The settings of the storage, from valid settings of the sink. Source: S3Storage, S3OutputStream. */
export function storageSettings(config: S3SinkConfig): StorageSettings {
  return {
    bucket: config['s3.bucket.name'],
    region: config['s3.region'].toLowerCase(),
    endpoint: orNull(config['store.url']),
    pathStyle: config['s3.path.style.access.enabled'],
    accelerate: config['s3.wan.mode'],
    encryption: encryptionOf(config),
    cannedAcl: orNull(config['s3.acl.canned']),
    sendDigest: config['s3.send.digest'],
    expectContinue: config['s3.http.send.expect.continue'],
    proxy: proxyOf(config),
    credentials: credentialsOf(config),
    partSize: config['s3.part.size'],
    partRetries: config['s3.part.retries'],
    retryBackoffMs: config['s3.retry.backoff.ms'],
    retryBackoffMaxMs: RETRY_BACKOFF_MAX_MS,
    tagging: taggingOf(config),
    bufferMaxBytes: config['headrace.s3.buffer.max.bytes'],
    stagingMaxBytes: config['headrace.s3.staging.max.bytes'],
    temporaryFolder: orNull(config['headrace.s3.staging.dir']) ?? tmpdir(),
  }
}

const orNull = (text: string | null): string | null => (text === null || text === '' ? null : text)

function encryptionOf(config: S3SinkConfig): Encryption {
  const algorithm = config['s3.ssea.name']
  const key = config['s3.sse.customer.key']
  if (algorithm === '') return { kind: 'none' }
  if (algorithm !== 'AES256') return { kind: 'kms', algorithm, keyId: orNull(config['s3.sse.kms.key.id']) }
  return key.reveal() === '' ? { kind: 's3' } : { kind: 'customer', key }
}

function proxyOf(config: S3SinkConfig): StorageSettings['proxy'] {
  const url = config['s3.proxy.url']
  if (url === '') return null
  const password = config['s3.proxy.password']
  return {
    url: url.includes('://') ? url : `http://${url}`,
    user: orNull(config['s3.proxy.user']),
    password: password.reveal() === '' ? null : password,
  }
}

function taggingOf(config: S3SinkConfig): StorageSettings['tagging'] {
  if (!config['s3.object.tagging']) return null
  return {
    pairs: tagsOf(config['s3.object.tagging.key.value.pairs']).tags,
    onError: config['s3.object.behavior.on.tagging.error'].toLowerCase() === 'fail' ? 'fail' : 'ignore',
  }
}

/** An access key takes precedence over providers, and is what a role is assumed with. */
function credentialsOf(config: S3SinkConfig): CredentialsChoice {
  const found = credentialsClass(config['s3.credentials.provider.class'])
  const kind = 'kind' in found ? found.kind : 'chain'
  const accessKeyId = config['aws.access.key.id']
  const base: CredentialsChoice =
    accessKeyId === ''
      ? { kind: 'chain' }
      : { kind: 'static', accessKeyId, secretAccessKey: config['aws.secret.access.key'] }
  if (kind === 'assume-role') return assumedRole(config, base)
  if (accessKeyId !== '' || kind === 'static' || kind === 'chain') return base
  return kind === 'profile' ? { kind, profile: null } : { kind }
}

function assumedRole(config: S3SinkConfig, base: CredentialsChoice): CredentialsChoice {
  return {
    kind: 'assume-role',
    roleArn: config['s3.credentials.provider.sts.role.arn'],
    externalId: orNull(config['s3.credentials.provider.sts.role.external.id']),
    sessionName: config['s3.credentials.provider.sts.role.session.name'],
    durationSeconds: null,
    stsRegion: orNull(config['s3.credentials.provider.sts.region']),
    stsEndpoint: null,
    base,
  }
}
