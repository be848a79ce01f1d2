import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3'
import { uniqueName } from '../worker/props.ts'
import { REGION, type S3Address } from './server.ts'

/** A bucket of a test. */
export interface Bucket {
  readonly name: string
  readonly address: S3Address
  /** A client of the server, for requests that this interface does not have. */
  readonly client: S3Client
  /** The settings of a connector that say where the bucket is. */
  readonly props: Readonly<Record<string, string>>
  /** Resolves to the keys that start with `prefix`, in order. */
  keys(prefix?: string): Promise<string[]>
  /** Resolves to the bytes of an object. */
  read(key: string): Promise<Buffer>
  head(key: string): Promise<HeadObjectCommandOutput>
  put(key: string, body: string | Buffer, metadata?: Readonly<Record<string, string>>): Promise<void>
  /** Resolves to the keys of unfinished uploads. */
  uploads(): Promise<string[]>
  /** Deletes the bucket with everything in it. */
  drop(): Promise<void>
}

/** Creates a bucket, on the server with this address; the name is unique by default. */
export async function createBucketOn(address: S3Address, name: string = uniqueName('test')): Promise<Bucket> {
  const { endpoint, accessKeyId, secretAccessKey } = address
  const credentials = { accessKeyId, secretAccessKey }
  const requestHandler = { connectionTimeout: 10_000, socketTimeout: 60_000 }
  const client = new S3Client({ endpoint, region: REGION, forcePathStyle: true, credentials, requestHandler })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  const about = (Key: string) => ({ Bucket: name, Key })
  return {
    name,
    address,
    client,
    props: {
      's3.bucket.name': name,
      's3.region': REGION,
      'store.url': endpoint,
      'aws.access.key.id': accessKeyId,
      'aws.secret.access.key': secretAccessKey,
    },
    keys: (prefix) => listKeys(client, name, prefix),
    async read(key) {
      const { Body } = await client.send(new GetObjectCommand(about(key)))
      return Buffer.from((await Body?.transformToByteArray()) ?? [])
    },
    head: (key) => client.send(new HeadObjectCommand(about(key))),
    async put(key, body, metadata = {}) {
      await client.send(new PutObjectCommand({ ...about(key), Body: body, Metadata: { ...metadata } }))
    },
    uploads: async () => (await listUploads(client, name)).map(({ Key = '' }) => Key),
    async drop() {
      await empty(client, name)
      await client.send(new DeleteBucketCommand({ Bucket: name }))
      client.destroy()
    },
  }
}

async function listKeys(client: S3Client, Bucket: string, Prefix = ''): Promise<string[]> {
  const keys: string[] = []
  for (let token: string | undefined; ;) {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    )
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key))
    if (page.IsTruncated !== true) return keys
    token = page.NextContinuationToken
  }
}

async function listUploads(client: S3Client, Bucket: string) {
  return (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []
}

async function empty(client: S3Client, Bucket: string): Promise<void> {
  for (const Key of await listKeys(client, Bucket)) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }))
  }
  for (const { Key, UploadId } of await listUploads(client, Bucket)) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  }
}
