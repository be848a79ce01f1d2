import { ConnectError, isRetriable, messageOf } from '../../../../api/index.ts'
import type { ObjectExtent } from '../../ports.ts'
import type { UploadContext } from './context.ts'

/**
 * Tags an object that has been stored, if that is configured. Source: TopicPartitionWriter.tagFile. With `fail`, rejects
 * with `HR_RETRIABLE` if it can succeed later, and with `HR_CONNECT` if not; otherwise a failure is logged.
 */
export async function tagObject(
  { settings, requests, log }: UploadContext,
  key: string,
  extent: ObjectExtent,
  signal: AbortSignal,
): Promise<void> {
  const { tagging, bucket } = settings
  if (tagging === null) return
  const about = { doing: `tag ${key} in bucket ${bucket}`, permission: 's3:PutObjectTagging' }
  const tags = new Map([
    ['startOffset', String(extent.startOffset)],
    ['endOffset', String(extent.endOffset)],
    ['recordCount', String(extent.recordCount)],
    ...tagging.pairs,
  ])
  const TagSet = [...tags].map(([Key, Value]) => ({ Key, Value }))
  try {
    await requests.run(about, signal, (client, sdk, options) =>
      client.send(
        new sdk.PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging: { TagSet } }),
        options,
      ),
    )
  } catch (error) {
    signal.throwIfAborted()
    if (tagging.onError === 'ignore') return log.warn(messageOf(error))
    if (isRetriable(error)) throw error
    const remedy = 'With s3.object.behavior.on.tagging.error=ignore the object stays without tags'
    throw new ConnectError('HR_CONNECT', `${messageOf(error)} ${remedy}.`, { cause: error })
  }
}
