import { isRetriable } from '../../../../api/index.ts'
import type { Requests } from '../client/requests.ts'
import { serverCodeOf, statusOf } from '../errors/failures.ts'
import type {
  BucketAction,
  BucketEncryption,
  BucketHead,
  BucketInspection,
  ObjectLock,
  ObjectOwnership,
  Permission,
} from '../ports.ts'
import type { StorageSettings } from '../settings.ts'
import { probedPlace, probes } from './probes.ts'

/** The server answers this for what is not configured. */
const notConfigured = new Set([
  'NoSuchObjectLockConfiguration',
  'ObjectLockConfigurationNotFoundError',
  'OwnershipControlsNotFoundError',
  'ServerSideEncryptionConfigurationNotFoundError',
])

/** Asks the server about the bucket, with requests that change nothing. */
export function inspectionOf(settings: StorageSettings, requests: Requests): BucketInspection {
  const Bucket = settings.bucket
  return {
    head: (signal) => headBucket(settings, requests, signal),

    async may(action: BucketAction, prefix: string, signal: AbortSignal): Promise<Permission> {
      const { permission, send, allowed } = probes[action]
      const place = probedPlace(Bucket, prefix)
      const doing = `find out whether ${permission} is allowed on bucket ${Bucket}`
      try {
        await requests.run({ doing, permission }, signal, (client, sdk, options) =>
          send(client, sdk, place, options),
        )
        return 'allowed'
      } catch (error) {
        if (statusOf(error) === 403 && !isKeyRefused(error)) return 'denied'
        if (allowed.includes(serverCodeOf(error) ?? '') || statusOf(error) === 404) return 'allowed'
        throw error
      }
    },

    async encryption(signal): Promise<BucketEncryption | null | 'unknown'> {
      const about = {
        doing: `read the encryption of bucket ${Bucket}`,
        permission: 's3:GetEncryptionConfiguration',
      }
      return orNothing(async () => {
        const { ServerSideEncryptionConfiguration: found } = await requests.run(
          about,
          signal,
          (client, sdk, options) => client.send(new sdk.GetBucketEncryptionCommand({ Bucket }), options),
        )
        const rule = found?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
        if (rule?.SSEAlgorithm === undefined) return null
        return { algorithm: rule.SSEAlgorithm, kmsKeyId: rule.KMSMasterKeyID ?? null }
      })
    },

    async objectLock(signal): Promise<ObjectLock | null | 'unknown'> {
      const permission = 's3:GetBucketObjectLockConfiguration'
      const about = { doing: `read the object lock of bucket ${Bucket}`, permission }
      return orNothing(async () => {
        const { ObjectLockConfiguration: found } = await requests.run(about, signal, (client, sdk, options) =>
          client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket }), options),
        )
        if (found === undefined) return null
        const mode = found.Rule?.DefaultRetention?.Mode ?? null
        return { enabled: found.ObjectLockEnabled === 'Enabled', mode }
      })
    },

    async ownership(signal): Promise<ObjectOwnership | null | 'unknown'> {
      const permission = 's3:GetBucketOwnershipControls'
      const about = { doing: `read the ownership of objects in bucket ${Bucket}`, permission }
      return orNothing(async () => {
        const { OwnershipControls: found } = await requests.run(about, signal, (client, sdk, options) =>
          client.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }), options),
        )
        return found?.Rules?.[0]?.ObjectOwnership ?? null
      })
    },
  }
}

/** Resolves to what the server tells; null for what is not configured, `unknown` without permission or support. */
async function orNothing<T>(ask: () => Promise<T | null>): Promise<T | null | 'unknown'> {
  try {
    return await ask()
  } catch (error) {
    if (notConfigured.has(serverCodeOf(error) ?? '')) return null
    if (isKeyRefused(error) || isRetriable(error) || serverCodeOf(error) === undefined) throw error
    return 'unknown'
  }
}

/** Whether the credentials themselves are refused, rather than what they may do. */
function isKeyRefused(error: unknown): boolean {
  return /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|RequestTimeTooSkewed)$/.test(
    serverCodeOf(error) ?? '',
  )
}

async function headBucket(
  { bucket }: StorageSettings,
  requests: Requests,
  signal: AbortSignal,
): Promise<BucketHead> {
  const about = { doing: `reach bucket ${bucket}`, permission: 's3:ListBucket' }
  const listable = await requests
    .run(about, signal, async (client, sdk, options) => {
      // unlike HEAD, a listing tells the reason of a refusal
      await client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }), options)
      return true
    })
    .catch((error: unknown) => {
      if (statusOf(error) === 403 && !isKeyRefused(error)) return false
      throw error
    })
  return {
    listable,
    region: requests.bucketRegion ?? null,
    clockAheadMs: requests.clockAheadMs ?? null,
  }
}
