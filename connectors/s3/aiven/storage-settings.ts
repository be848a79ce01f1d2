import { tmpdir } from 'node:os'
import {
  credentialsClass,
  MIN_PART_SIZE,
  type CredentialsChoice,
  type Encryption,
  type StorageSettings,
} from '../storage/index.ts'
import type { AivenSinkConfig } from './definition.ts'

const DEFAULT_REGION = 'us-east-1'

/** The settings of the storage, from valid settings of Aiven's sink. Source: S3ClientFactory, S3ConfigFragment. */
export function aivenStorageSettings(config: AivenSinkConfig): StorageSettings {
  const endpoint = config['aws.s3.endpoint'] ?? config['aws_s3_endpoint']
  return {
    bucket: config['aws.s3.bucket.name'] ?? config['aws_s3_bucket'] ?? '',
    region: config['aws.s3.region'] ?? config['aws_s3_region'] ?? DEFAULT_REGION,
    endpoint,
    pathStyle: endpoint !== null,
    accelerate: false,
    encryption: encryptionOf(config['aws.s3.sse.algorithm']),
    cannedAcl: null,
    sendDigest: false,
    expectContinue: true,
    proxy: null,
    credentials: credentialsOf(config),
    partSize: Math.max(config['aws.s3.part.size.bytes'], MIN_PART_SIZE),
    partRetries: config['aws.s3.backoff.max.retries'],
    retryBackoffMs: config['aws.s3.backoff.delay.ms'],
    retryBackoffMaxMs: config['aws.s3.backoff.max.delay.ms'],
    tagging: null,
    bufferMaxBytes: config['headrace.s3.buffer.max.bytes'],
    stagingMaxBytes: config['headrace.s3.staging.max.bytes'],
    temporaryFolder: config['headrace.s3.staging.dir'] ?? tmpdir(),
  }
}

function encryptionOf(algorithm: string | null): Encryption {
  if (algorithm === null) return { kind: 'none' }
  return algorithm === 'AES256' ? { kind: 's3' } : { kind: 'kms', algorithm, keyId: null }
}

/** A role takes precedence over an access key, and that one over a provider. Source: AwsCredentialProviderFactory. */
function credentialsOf(config: AivenSinkConfig): CredentialsChoice {
  const base = baseCredentials(config)
  const [roleArn, sessionName] = [config['aws.sts.role.arn'], config['aws.sts.role.session.name']]
  if (roleArn === null || sessionName === null) return base
  const endpoint = config['aws.sts.config.endpoint']
  const isGlobal = endpoint === 'https://sts.amazonaws.com'
  return {
    kind: 'assume-role',
    roleArn,
    externalId: config['aws.sts.role.external.id'],
    sessionName,
    durationSeconds: config['aws.sts.role.session.duration'],
    stsRegion: null,
    stsEndpoint: isGlobal ? null : endpoint,
    base,
  }
}

function baseCredentials(config: AivenSinkConfig): CredentialsChoice {
  const accessKeyId = config['aws.access.key.id'] ?? config['aws_access_key_id']
  const secretAccessKey = config['aws.secret.access.key'] ?? config['aws_secret_access_key']
  if (accessKeyId !== null && secretAccessKey !== null) {
    return { kind: 'static', accessKeyId: accessKeyId.reveal(), secretAccessKey }
  }
  const found = credentialsClass(config['aws.credentials.provider'] ?? '')
  const kind = 'kind' in found ? found.kind : 'chain'
  if (kind === 'profile') return { kind, profile: null }
  return kind === 'static' || kind === 'assume-role' ? { kind: 'chain' } : { kind }
}
