import { isConnectError, type Finding } from '../../../api/index.ts'
import type { BucketInspection, StorageSettings } from '../storage/index.ts'
import { error, info, warning } from '../../shared/finding.ts'

/** Returns rules of the bucket that new objects may conflict with. Those that may not be read are left out. */
export async function bucketRuleFindings(
  inspection: BucketInspection,
  settings: StorageSettings,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const [encryption, lock, ownership] = await Promise.all([
    known(inspection.encryption(signal)),
    known(inspection.objectLock(signal)),
    settings.cannedAcl === null ? null : known(inspection.ownership(signal)),
  ])
  return [
    ...encryptionFindings(settings, encryption),
    ...lockFindings(settings, lock),
    ...aclFindings(settings, ownership),
  ]
}

/** What is unknown has no finding. */
async function known<T>(answer: Promise<T | null | 'unknown'>): Promise<T | null> {
  try {
    const found = await answer
    return found === 'unknown' ? null : found
  } catch (failure) {
    if (isConnectError(failure)) return null
    throw failure
  }
}

type Encryption = Exclude<Awaited<ReturnType<BucketInspection['encryption']>>, 'unknown'>
type Lock = Exclude<Awaited<ReturnType<BucketInspection['objectLock']>>, 'unknown'>
type Ownership = Exclude<Awaited<ReturnType<BucketInspection['ownership']>>, 'unknown'>

function encryptionFindings({ bucket, encryption, endpoint }: StorageSettings, rule: Encryption): Finding[] {
  if (encryption.kind === 'customer' && endpoint?.startsWith('http://') === true) {
    return [
      error(
        'encryption-needs-tls',
        'The key of s3.sse.customer.key would be sent over a connection without TLS, which S3 refuses.',
        'Use https in store.url.',
      ),
    ]
  }
  const usesKms = rule?.algorithm.startsWith('aws:kms') === true
  if (usesKms && encryption.kind === 'none') {
    return [
      info(
        'encrypted-with-kms',
        `Bucket ${bucket} encrypts objects with ${rule.algorithm} and ${keyText(rule.kmsKeyId)}.`,
        'The credentials need kms:GenerateDataKey and kms:Decrypt on this key.',
      ),
    ]
  }
  if (usesKms && encryption.kind === 's3') {
    return [
      warning(
        'encryption-differs',
        `Bucket ${bucket} encrypts objects with ${rule.algorithm}, but the connector asks for AES256. A policy of the bucket may refuse that.`,
        'Leave s3.ssea.name empty, so that the rule of the bucket applies.',
      ),
    ]
  }
  return []
}

const keyText = (id: string | null): string => (id === null ? 'the key of AWS' : `the key ${id}`)

function lockFindings({ bucket }: StorageSettings, lock: Lock): Finding[] {
  if (lock === null || !lock.enabled) return []
  const retention = lock.mode === null ? 'no default retention' : `the default retention ${lock.mode}`
  return [
    info(
      'object-lock',
      `Bucket ${bucket} has object lock with ${retention}. An object that the connector has to replace stays as an older version until its lock ends.`,
      'Use headrace.s3.staging.max.bytes to keep large objects on disk until they are complete; then they are stored once.',
    ),
  ]
}

function aclFindings({ bucket, cannedAcl }: StorageSettings, ownership: Ownership): Finding[] {
  if (cannedAcl === null || ownership !== 'BucketOwnerEnforced') return []
  // This one is accepted in any case
  if (cannedAcl === 'bucket-owner-full-control') return []
  return [
    error(
      'acl-disabled',
      `Access lists are disabled in bucket ${bucket}, but the connector asks for ${cannedAcl}. The server refuses each object.`,
      'Leave s3.acl.canned empty, or change the ownership of objects in the bucket to BucketOwnerPreferred.',
    ),
  ]
}

/** Returns a warning if the bucket is in another region than the settings say, although the server accepts requests. */
export function regionFindings(settings: StorageSettings, region: string | null): Finding[] {
  if (region === null || region === '' || region === settings.region) return []
  return [
    warning(
      'region-differs',
      `Bucket ${settings.bucket} is in region ${region}, but s3.region is ${settings.region}.`,
      `Set s3.region=${region}.`,
    ),
  ]
}
