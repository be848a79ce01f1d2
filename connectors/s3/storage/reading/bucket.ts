import type { ListedObject, ObjectBucket, ObjectSource } from '../../ports.ts'
import { decodeKey } from '../client/keys.ts'
import type { Requests } from '../client/requests.ts'
import { required } from '../errors/failures.ts'
import type { StorageSettings } from '../settings.ts'
import { S3ObjectSource } from './object-source.ts'

const PAGE = 1000

/** Lists and reads the objects of a bucket. */
export class S3ObjectBucket implements ObjectBucket {
  readonly #settings: StorageSettings
  readonly #requests: Requests
  readonly #close: () => void

  constructor(settings: StorageSettings, requests: Requests, close: () => void) {
    this.#settings = settings
    this.#requests = requests
    this.#close = close
  }

  async *list(
    prefix: string,
    startAfter: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedObject[]> {
    for (let token: string | undefined; ;) {
      const { objects, next } = await this.#page(prefix, startAfter, token, signal)
      if (objects.length > 0) yield objects
      if (next === undefined) return
      token = next
    }
  }

  open(object: ListedObject): ObjectSource {
    return new S3ObjectSource(this.#settings, this.#requests, object)
  }

  close(): void {
    this.#close()
  }

  async #page(
    prefix: string,
    startAfter: string | undefined,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly objects: readonly ListedObject[]; readonly next: string | undefined }> {
    const { bucket } = this.#settings
    const about = {
      doing: `list the objects of bucket ${bucket}${prefix === '' ? '' : ` below ${prefix}`}`,
      permission: 's3:ListBucket',
    }
    const parameters = {
      Bucket: bucket,
      Prefix: prefix,
      MaxKeys: PAGE,
      EncodingType: 'url', // XML cannot contain all characters of keys
      ...(token === undefined ? {} : { ContinuationToken: token }),
      ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
    } as const
    const page = await this.#requests.run(about, signal, async (client, sdk, options) => {
      const answer = await client.send(new sdk.ListObjectsV2Command(parameters), options)
      required(answer.Name)
      return answer
    })
    const decode = page.EncodingType === 'url' ? decodeKey : (key: string) => key
    const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, ETag = '', LastModified }) => ({
      key: decode(Key),
      size: Size,
      etag: ETag,
      lastModified: LastModified?.getTime() ?? 0,
    }))
    return { objects, next: page.IsTruncated === true ? page.NextContinuationToken : undefined }
  }
}
