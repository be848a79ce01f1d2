import type { S3Client } from '@aws-sdk/client-s3'
import type { SendOptions } from '../client/requests.ts'
import type { Sdk } from '../client/sdk.ts'
import type { BucketAction } from '../ports.ts'

/** A request that shows whether something is allowed, and changes nothing. */
interface Probe {
  /** The action that policies name. */
  readonly permission: string
  /** Codes of the server that it gives only to those who are allowed. */
  readonly allowed: readonly string[]
  send(client: S3Client, sdk: Sdk, at: ProbedPlace, options: SendOptions): Promise<unknown>
}

/** Where something would be done. No object has the key: requests about it fail after the permission has been checked. */
export interface ProbedPlace {
  readonly Bucket: string
  readonly Prefix: string
  readonly Key: string
}

/** A place in a bucket, below a prefix. */
export const probedPlace = (bucket: string, prefix: string): ProbedPlace => ({
  Bucket: bucket,
  Prefix: prefix,
  Key: `${prefix}headrace-permission-check`,
})

const UploadId = 'headrace-no-such-upload'
const goneOrInvalid = ['NoSuchUpload', 'NoSuchKey', 'InvalidArgument', 'InvalidRequest']

export const probes: Readonly<Record<BucketAction, Probe>> = {
  'list': {
    permission: 's3:ListBucket',
    allowed: [],
    send: (client, sdk, { Bucket, Prefix }, options) =>
      client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }), options),
  },
  'read': {
    permission: 's3:GetObject',
    allowed: ['NoSuchKey'],
    send: (client, sdk, { Bucket, Key }, options) =>
      client.send(new sdk.GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' }), options),
  },
  'put': {
    permission: 's3:PutObject',
    allowed: goneOrInvalid,
    send: (client, sdk, { Bucket, Key }, options) => {
      const part = { Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.alloc(0) }
      return client.send(new sdk.UploadPartCommand(part), options)
    },
  },
  'list-uploads': {
    permission: 's3:ListBucketMultipartUploads',
    allowed: [],
    send: (client, sdk, { Bucket, Prefix }, options) =>
      client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix, MaxUploads: 1 }), options),
  },
  'abort': {
    permission: 's3:AbortMultipartUpload',
    allowed: goneOrInvalid,
    send: (client, sdk, { Bucket, Key }, options) =>
      client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), options),
  },
}
