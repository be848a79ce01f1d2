import type { IncomingMessage } from 'node:http'

/** A request to S3, in path style. */
export interface S3Request {
  /** Name of the operation in the reference of Amazon S3, such as `PutObject`. */
  readonly operation: string
  readonly bucket: string
  /** Empty for requests about the bucket. */
  readonly key: string
}

/** Operations about objects that have a subresource, by method and name of a parameter. */
const withParameter: readonly (readonly [method: string, parameter: string, operation: string])[] = [
  ['POST', 'uploads', 'CreateMultipartUpload'],
  ['POST', 'uploadId', 'CompleteMultipartUpload'],
  ['DELETE', 'uploadId', 'AbortMultipartUpload'],
  ['PUT', 'partNumber', 'UploadPart'],
  ['PUT', 'tagging', 'PutObjectTagging'],
  ['GET', 'uploads', 'ListMultipartUploads'],
  ['GET', 'list-type', 'ListObjectsV2'],
  ['GET', 'encryption', 'GetBucketEncryption'],
  ['GET', 'object-lock', 'GetObjectLockConfiguration'],
]
const plain: Readonly<Record<string, string>> = {
  PUT: 'Put',
  GET: 'Get',
  HEAD: 'Head',
  DELETE: 'Delete',
  POST: 'Post',
}

/** Tells which operation a request is. */
export function s3Request({ method = '', url = '/', headers }: IncomingMessage): S3Request {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const [, bucket = '', ...rest] = pathname.split('/')
  const key = decodeURIComponent(rest.join('/'))
  const special = withParameter.find(([verb, name]) => verb === method && searchParams.has(name))?.[2]
  const object = `${plain[method] ?? method}${key === '' ? 'Bucket' : 'Object'}`
  if (headers['x-amz-copy-source'] === undefined) return { operation: special ?? object, bucket, key }
  return { operation: special === 'UploadPart' ? 'UploadPartCopy' : 'CopyObject', bucket, key }
}
