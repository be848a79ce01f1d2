import type { ObjectCannedACL, ServerSideEncryption } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import type { ObjectAttributes } from '../../ports.ts'
import { customerKey, type CustomerKey } from '../client/customer-key.ts'
import type { StorageSettings } from '../settings.ts'
import type { Metadata } from './extent.ts'

/** Parameters of a request that creates an object. */
export interface Creation extends CustomerKey {
  readonly Bucket: string
  readonly Key: string
  readonly Metadata: Metadata
  readonly ContentType: string
  readonly ContentEncoding?: string
  readonly ACL?: ObjectCannedACL
  readonly ServerSideEncryption?: ServerSideEncryption
  readonly SSEKMSKeyId?: string
}

export function creation(
  settings: StorageSettings,
  key: string,
  attributes: ObjectAttributes,
  metadata: Metadata,
): Creation {
  return {
    Bucket: settings.bucket,
    Key: key,
    Metadata: metadata,
    ContentType: attributes.contentType,
    ...(attributes.contentEncoding === null ? {} : { ContentEncoding: attributes.contentEncoding }),
    ...(settings.cannedAcl === null ? {} : { ACL: settings.cannedAcl as ObjectCannedACL }),
    ...serverSide(settings),
    ...customerKey(settings),
  }
}

function serverSide({ encryption }: StorageSettings): Pick<Creation, 'ServerSideEncryption' | 'SSEKMSKeyId'> {
  if (encryption.kind === 's3') return { ServerSideEncryption: 'AES256' }
  if (encryption.kind !== 'kms') return {}
  const algorithm = encryption.algorithm as ServerSideEncryption
  return {
    ServerSideEncryption: algorithm,
    ...(encryption.keyId === null ? {} : { SSEKMSKeyId: encryption.keyId }),
  }
}

/** The MD5 of a body, if it is to be sent. */
export function digestOf(settings: StorageSettings, body: Buffer): { readonly ContentMD5?: string } {
  return settings.sendDigest ? { ContentMD5: createHash('md5').update(body).digest('base64') } : {}
}
