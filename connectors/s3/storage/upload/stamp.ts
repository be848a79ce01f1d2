import type { CompletedPart } from '@aws-sdk/client-s3'
import { ConnectError } from '../../../../api/index.ts'
import type { ObjectAttributes, ObjectExtent, Stored, WhenExists } from '../../ports.ts'
import { isConditionFailed, isUploadGone, permissionToPut, storing, type UploadContext } from './context.ts'
import { customerKey, customerKeyOfSource } from '../client/customer-key.ts'
import { required } from '../errors/failures.ts'
import { abortUpload, type UploadAddress } from './abort.ts'
import { extentIn, judge, metadataOf } from './extent.ts'
import { headObject } from './head.ts'
import { eachInParallel } from './in-parallel.ts'
import { creation } from './parameters.ts'

/** The largest object that one request copies. */
const MAX_COPY = 5 * 1024 ** 3
const COPY_PART = 1024 ** 3
const PARALLEL_COPIES = 4

/** An object that was completed before its extent was known. */
export interface Unstamped {
  readonly key: string
  readonly etag: string
  readonly size: number
  readonly attributes: ObjectAttributes
  readonly extent: ObjectExtent
  readonly whenExists: WhenExists
}

/**
 * Gives an object its extent, with a copy onto itself in the server. If another program has replaced the object in the
 * meantime, decides like `writeConditionally`; rejects with `HR_CONNECT` if the bytes would be needed again.
 */
export async function stamp(context: UploadContext, object: Unstamped, signal: AbortSignal): Promise<Stored> {
  try {
    await (object.size > MAX_COPY ? copyInParts : copy)(context, object, signal)
    return { kind: 'stored' }
  } catch (error) {
    if (!isConditionFailed(error) && !isUploadGone(error)) throw error
    const found = await headObject(context, object.key, signal)
    const verdict = judge(found && extentIn(found.metadata), object.extent, object.whenExists)
    if (verdict.kind !== 'replace') return verdict
    throw new ConnectError(
      'HR_CONNECT',
      `Cannot ${storing(context.settings, object.key)}: another program has replaced or deleted the object before it was ` +
        'complete. Make sure that nothing else writes this key, and restart the task: it reads the records again.',
      { cause: error },
    )
  }
}

const stampedCreation = ({ settings }: UploadContext, { key, attributes, extent }: Unstamped) =>
  creation(settings, key, attributes, metadataOf(extent))

function source({ settings }: UploadContext, { key, etag }: Unstamped) {
  return {
    CopySource: `${settings.bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`,
    CopySourceIfMatch: etag,
    ...customerKeyOfSource(settings),
  }
}

const about = ({ settings }: UploadContext, { key }: Unstamped) => ({
  doing: storing(settings, key),
  permission: `s3:GetObject and ${permissionToPut(settings)}`,
})

async function copy(context: UploadContext, object: Unstamped, signal: AbortSignal): Promise<void> {
  await context.requests.run(about(context, object), signal, async (client, sdk, options) => {
    const command = new sdk.CopyObjectCommand({
      ...stampedCreation(context, object),
      ...source(context, object),
      MetadataDirective: 'REPLACE',
    })
    required((await client.send(command, options)).CopyObjectResult?.ETag)
  })
}

async function copyInParts(context: UploadContext, object: Unstamped, signal: AbortSignal): Promise<void> {
  const { requests, settings } = context
  const { UploadId } = await requests.run(about(context, object), signal, (client, sdk, options) =>
    client.send(new sdk.CreateMultipartUploadCommand(stampedCreation(context, object)), options),
  )
  const target = { Bucket: settings.bucket, Key: object.key, UploadId, ...customerKey(settings) }
  try {
    const Parts = await copyParts(context, object, target, signal)
    const condition = context.conditions.supported ? { IfMatch: object.etag } : {}
    const completion = { ...target, MultipartUpload: { Parts }, ...condition }
    await requests.run(about(context, object), signal, async (client, sdk, options) => {
      const { ETag } = await client.send(new sdk.CompleteMultipartUploadCommand(completion), options)
      required(ETag)
    })
  } catch (error) {
    await abortUpload(context, target)
    throw error
  }
}

async function copyParts(
  context: UploadContext,
  object: Unstamped,
  target: UploadAddress,
  signal: AbortSignal,
): Promise<CompletedPart[]> {
  const completed: CompletedPart[] = []
  const parts = Array.from({ length: Math.ceil(object.size / COPY_PART) }, (_, index) => index)
  await eachInParallel(parts, PARALLEL_COPIES, signal, async (index, each) => {
    const last = Math.min((index + 1) * COPY_PART, object.size) - 1
    const part = { PartNumber: index + 1, CopySourceRange: `bytes=${index * COPY_PART}-${last}` }
    const parameters = { ...target, ...part, ...source(context, object) }
    completed[index] = await context.requests.run(
      about(context, object),
      each,
      async (client, sdk, options) => {
        const { CopyPartResult } = await client.send(new sdk.UploadPartCopyCommand(parameters), options)
        return { ETag: required(CopyPartResult?.ETag), PartNumber: index + 1 }
      },
    )
  })
  return completed
}
