import { customerKey } from '../client/customer-key.ts'
import { serverCodeOf, statusOf } from '../errors/failures.ts'
import { storing, type UploadContext } from './context.ts'
import type { Metadata } from './extent.ts'

/** An object that exists. */
export interface FoundObject {
  readonly etag: string
  readonly size: number
  readonly metadata: Metadata
}

/** Resolves to the object with a key; undefined if there is none. */
export async function headObject(
  { settings, requests }: UploadContext,
  key: string,
  signal: AbortSignal,
): Promise<FoundObject | undefined> {
  const doing = `${storing(settings, key)}, because the object that exists there cannot be examined`
  try {
    const found = await requests.run(
      { doing, permission: 's3:GetObject' },
      signal,
      (client, sdk, options) => {
        const command = { Bucket: settings.bucket, Key: key, ...customerKey(settings) }
        return client.send(new sdk.HeadObjectCommand(command), options)
      },
    )
    return { etag: found.ETag ?? '', size: found.ContentLength ?? 0, metadata: found.Metadata ?? {} }
  } catch (error) {
    if (statusOf(error) === 404 && serverCodeOf(error) !== 'NoSuchBucket') return undefined
    throw error
  }
}
