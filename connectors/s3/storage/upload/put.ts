import type { Body } from '../staging/content.ts'
import { permissionToPut, storing, type Condition, type UploadContext } from './context.ts'
import { digestOf, type Creation } from './parameters.ts'

/** Stores an object with one request. Resolves to its ETag, if the server tells it. */
export async function putObject(
  { settings, requests }: UploadContext,
  parameters: Creation,
  body: Body,
  condition: Condition,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { bytes } = body
  const about = {
    doing: storing(settings, parameters.Key),
    permission: permissionToPut(settings),
    bytes: bytes.length,
  }
  const { ETag } = await requests.run(about, signal, (client, sdk, options) => {
    const checks = { ChecksumAlgorithm: 'CRC32', ...digestOf(settings, bytes) } as const
    return client.send(
      new sdk.PutObjectCommand({ ...parameters, Body: bytes, ...checks, ...condition }),
      options,
    )
  })
  return ETag
}
