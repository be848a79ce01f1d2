import type { ConfigFault } from '../../../../api/index.ts'
import type { S3SinkConfig } from '../definition.ts'
import { credentialsClass } from '../../storage/index.ts'
import { faultOf, invalid } from './fault.ts'
import { tagsOf } from '../tags.ts'

/** Checks the address of the storage, credentials and attributes of objects. */
export function accessFaults(config: S3SinkConfig): readonly ConfigFault[] {
  return [
    ...bucketFaults(config),
    ...addressFaults(config),
    ...credentialsFaults(config),
    ...encryptionFaults(config),
    ...tagFaults(config),
  ]
}

function bucketFaults({ 's3.bucket.name': name }: S3SinkConfig): readonly ConfigFault[] {
  return /^[\w.-]{1,255}$/.test(name)
    ? []
    : [invalid('s3.bucket.name', name, 'the name of a bucket is expected, without a prefix or an ARN')]
}

const BOTH_MODES =
  'Both accelerate mode and path style access are being enabled. These options are mutually exclusive and cannot be enabled together. Please disable one of them'

function addressFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const isWan = config['s3.wan.mode']
  const [url, proxy] = [config['store.url'] ?? '', config['s3.proxy.url']]
  return [
    ...(isWan && config['s3.path.style.access.enabled']
      ? faultOf(BOTH_MODES, 's3.wan.mode', 's3.path.style.access.enabled')
      : []),
    ...(isWan && url !== '' ? [invalid('s3.wan.mode', true, 'not possible with store.url')] : []),
    ...urlFaults('store.url', url, 'https'),
    ...urlFaults('s3.proxy.url', proxy, 'http'),
    ...(proxy === '' && (config['s3.proxy.user'] ?? '') !== ''
      ? [invalid('s3.proxy.user', config['s3.proxy.user'], 's3.proxy.url is not set')]
      : []),
  ]
}

/** The URL may lack its scheme. Not quoted in the message, because it may contain a password. */
function urlFaults(key: string, url: string, scheme: string): readonly ConfigFault[] {
  if (url === '') return []
  const full = url.includes('://') ? url : `${scheme}://${url}`
  if (/^https?:/i.test(full) && URL.canParse(full)) return []
  return [{ key, message: `Invalid value for configuration ${key}: a URL with http or https is expected` }]
}

const ASSUME_ROLE = 'io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider'
const STS = 's3.credentials.provider.sts.'

function credentialsFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const provider = credentialsClass(config['s3.credentials.provider.class'])
  const kind = 'kind' in provider ? provider.kind : undefined
  const hasId = config['aws.access.key.id'] !== ''
  const hasSecret = config['aws.secret.access.key'].reveal() !== ''
  const needsKey = kind === 'static' && !hasId
  return [
    ...(hasId && !hasSecret
      ? faultOf('aws.access.key.id requires aws.secret.access.key', 'aws.secret.access.key')
      : []),
    ...(hasSecret && !hasId
      ? faultOf('aws.secret.access.key requires aws.access.key.id', 'aws.access.key.id')
      : []),
    ...(needsKey
      ? faultOf('s3.credentials.provider.class requires aws.access.key.id', 'aws.access.key.id')
      : []),
    ...(['role.arn', 'role.session.name', 'role.external.id', 'region'] as const).flatMap((name) =>
      roleFaults(config, name, kind === 'assume-role'),
    ),
  ]
}

function roleFaults(
  config: S3SinkConfig,
  name: 'role.arn' | 'role.session.name' | 'role.external.id' | 'region',
  assumes: boolean,
): readonly ConfigFault[] {
  const key = `${STS}${name}` as const
  const isSet = config[key] !== ''
  if (!assumes && isSet) {
    return [invalid(key, config[key], `only effective with s3.credentials.provider.class=${ASSUME_ROLE}`)]
  }
  const isMissing = assumes && !isSet && (name === 'role.arn' || name === 'role.session.name')
  return isMissing ? faultOf(`Missing required configuration "${key}" which has no default value.`, key) : []
}

function encryptionFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const algorithm = config['s3.ssea.name']
  const kmsKey = config['s3.sse.kms.key.id']
  const customerKey = config['s3.sse.customer.key'].reveal()
  const faults: ConfigFault[] = []
  if (kmsKey !== '' && !algorithm.startsWith('aws:kms')) {
    faults.push(invalid('s3.sse.kms.key.id', kmsKey, 'only effective with s3.ssea.name=aws:kms'))
  }
  if (customerKey === '') return faults
  const key = 's3.sse.customer.key'
  if (algorithm !== 'AES256') {
    faults.push({ key, message: `${key} is only effective with s3.ssea.name=AES256` })
  }
  const bytes = Buffer.from(customerKey, 'base64')
  if (bytes.length !== 32) {
    faults.push({ key, message: `${key} must be 32 bytes in base64, found ${bytes.length} bytes` })
  }
  return faults
}

function tagFaults(config: S3SinkConfig): readonly ConfigFault[] {
  const key = 's3.object.tagging.key.value.pairs'
  const { reason } = tagsOf(config[key])
  return reason === undefined ? [] : [invalid(key, config[key], reason)]
}
