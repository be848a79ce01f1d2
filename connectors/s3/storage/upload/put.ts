import { required } from '../errors/failures.ts'
import type { Body } from '../staging/content.ts'
import { permissionToPut, storing, type Condition, type UploadContext } from './context.ts'
import { digestOf, type Creation } from './parameters.ts'

/** Stores an object with one request. Resolves to its ETag. */
export async function putObject(
  { settings, requests }: UploadContext,
  parameters: Creation,
  body: Body,
  condition: Condition,
  signal: AbortSignal,
): Promise<string> {
  const { bytes } = body
  const about = {
    doing: storing(settings, parameters.Key),
    permission: permissionToPut(settings),
    bytes: bytes.length,
  }
  return requests.run(about, signal, async (client, sdk, options) => {
    const checks = { ChecksumAlgorithm: 'CRC32', ...digestOf(settings, bytes) } as const
    const command = new sdk.PutObjectCommand({ ...parameters, Body: bytes, ...checks, ...condition })
    return required((await client.send(command, options)).ETag)
  })
}
