import { messageOf, type Logger } from '../../../../api/index.ts'
import { decodeKey } from '../client/keys.ts'
import type { Requests } from '../client/requests.ts'
import type { StorageSettings } from '../settings.ts'
import { abortUpload } from './abort.ts'
import { eachInParallel } from './in-parallel.ts'

const PARALLEL_ABORTS = 4

/** Which uploads are aborted. */
export interface Leftovers {
  readonly prefix: string
  belongs(key: string): boolean
  /** Only those that were initiated before this time of the server, in milliseconds since the epoch. */
  before(): number
}

interface Upload {
  readonly Key: string
  readonly UploadId: string | undefined
  readonly initiated: number
}

/** Aborts unfinished uploads. Resolves to their number; see {@link Storage.abortLeftovers}. */
export async function abortLeftovers(
  context: { readonly settings: StorageSettings; readonly requests: Requests; readonly log: Logger },
  { prefix, belongs, before }: Leftovers,
  signal: AbortSignal,
): Promise<number> {
  const { log, settings } = context
  let aborted = 0
  try {
    for await (const page of listUploads(context, prefix, signal)) {
      const own = page.filter(({ Key, initiated }) => initiated < before() && belongs(Key))
      await eachInParallel(own, PARALLEL_ABORTS, signal, async ({ Key, UploadId }) => {
        const error = await abortUpload(context, { Bucket: settings.bucket, Key, UploadId })
        if (error === undefined) aborted++
        else throw error
      })
    }
  } catch (error) {
    if (signal.aborted) return aborted
    const consequence = 'Unfinished uploads stay until a lifecycle rule of the bucket removes them'
    log.warn(`${messageOf(error)} ${consequence}`)
  }
  if (aborted > 0) log.info(`Aborted ${aborted} unfinished uploads below ${prefix} of an earlier task`)
  return aborted
}

async function* listUploads(
  { settings, requests }: { readonly settings: StorageSettings; readonly requests: Requests },
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Upload[]> {
  const { bucket } = settings
  const about = {
    doing: `list the unfinished uploads to bucket ${bucket}`,
    permission: 's3:ListBucketMultipartUploads',
  }
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}
  for (;;) {
    const parameters = { Bucket: bucket, Prefix: prefix, EncodingType: 'url', ...marker } as const
    const page = await requests.run(about, signal, (client, sdk, options) =>
      client.send(new sdk.ListMultipartUploadsCommand(parameters), options),
    )
    const decode = page.EncodingType === 'url' ? decodeKey : (key: string) => key
    yield (page.Uploads ?? []).map(({ Key = '', UploadId, Initiated }) => ({
      Key: decode(Key),
      UploadId,
      initiated: Initiated?.getTime() ?? Infinity,
    }))
    const { NextKeyMarker, NextUploadIdMarker } = page
    if (page.IsTruncated !== true || NextKeyMarker === undefined || NextKeyMarker === '') return
    marker = {
      KeyMarker: decode(NextKeyMarker),
      ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
    }
  }
}
