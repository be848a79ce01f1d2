import { messageOf } from '../../../../api/index.ts'
import { serverCodeOf } from '../errors/failures.ts'
import type { UploadContext } from './context.ts'

/** An upload that cannot be aborted in this time is left to the next start, or the lifecycle rule of the bucket. */
const ABORT_TIMEOUT_MS = 10_000

/** Identifies an upload. */
export interface UploadAddress {
  readonly Bucket: string
  readonly Key: string
  readonly UploadId: string | undefined
}

/** Aborts an upload, if it still exists. Resolves to the error if it cannot be aborted now. */
export async function abortUpload(
  { requests, log }: Pick<UploadContext, 'requests' | 'log'>,
  { Bucket, Key, UploadId }: UploadAddress,
): Promise<Error | undefined> {
  const doing = `abort the unfinished upload of ${Key} to bucket ${Bucket}`
  const about = { doing, permission: 's3:AbortMultipartUpload', retries: 1 }
  try {
    await requests.run(about, AbortSignal.timeout(ABORT_TIMEOUT_MS), (client, sdk, options) =>
      client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), options),
    )
    return undefined
  } catch (error) {
    if (serverCodeOf(error) === 'NoSuchUpload') return undefined
    log.debug(messageOf(error))
    return error instanceof Error ? error : new Error(messageOf(error))
  }
}
