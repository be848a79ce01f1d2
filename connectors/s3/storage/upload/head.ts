import { customerKey } from '../client/customer-key.ts'
import { required, serverCodeOf, statusOf } from '../errors/failures.ts'
import { storing, type UploadContext } from './context.ts'
import type { Metadata } from './extent.ts'

/** An object that exists. */
export interface FoundObject {
  readonly etag: string
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
    const about = { doing, permission: 's3:GetObject' }
    return await requests.run(about, signal, async (client, sdk, options) => {
      const parameters = { Bucket: settings.bucket, Key: key, ...customerKey(settings) }
      const found = await client.send(new sdk.HeadObjectCommand(parameters), options)
      return { etag: required(found.ETag), metadata: found.Metadata ?? {} }
    })
  } catch (error) {
    if (statusOf(error) === 404 && serverCodeOf(error) !== 'NoSuchBucket') return undefined
    throw error
  }
}
