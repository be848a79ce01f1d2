import type { CompletedPart } from '@aws-sdk/client-s3'
import { ConnectError } from '../../../../api/index.ts'
import { customerKey } from '../client/customer-key.ts'
import { required } from '../errors/failures.ts'
import type { Content } from '../staging/content.ts'
import { MAX_PARTS } from '../settings.ts'
import { abortUpload } from './abort.ts'
import { permissionToPut, storing, type Condition, type UploadContext } from './context.ts'
import { eachInParallel } from './in-parallel.ts'
import { digestOf, type Creation } from './parameters.ts'

const PARALLEL_PARTS = 4

/** A multipart upload of a content. */
export class MultipartUpload {
  readonly #context: UploadContext
  readonly #key: string
  readonly #id: string
  readonly #content: Content
  readonly #partSize: number
  readonly #parts = new Map<number, CompletedPart>()

  private constructor(context: UploadContext, key: string, id: string, content: Content, partSize: number) {
    this.#context = context
    this.#key = key
    this.#id = id
    this.#content = content
    this.#partSize = partSize
  }

  /** Begins an upload. Its parts may be any number up to 10,000. */
  static async create(
    context: UploadContext,
    parameters: Creation,
    content: Content,
    partSize: number,
    signal: AbortSignal,
  ): Promise<MultipartUpload> {
    const { settings, requests } = context
    const about = { doing: storing(settings, parameters.Key), permission: permissionToPut(settings) }
    // announced here, so that strict servers list the checksums of parts
    const checksums = { ChecksumAlgorithm: 'CRC32' } as const
    const id = await requests.run(about, signal, async (client, sdk, options) => {
      const command = new sdk.CreateMultipartUploadCommand({ ...parameters, ...checksums })
      return required((await client.send(command, options)).UploadId)
    })
    return new MultipartUpload(context, parameters.Key, id, content, partSize)
  }

  /** Uploads the parts before a position that are missing, several at a time. The last one may be shorter. */
  async uploadParts(end: number, signal: AbortSignal): Promise<void> {
    const count = Math.ceil(end / this.#partSize)
    if (count > MAX_PARTS) throw this.#tooManyParts()
    const missing: number[] = []
    for (let part = 1; part <= count; part++) if (!this.#parts.has(part)) missing.push(part)
    await eachInParallel(missing, PARALLEL_PARTS, signal, (part, each) => this.#uploadPart(part, end, each))
  }

  /**
   * Completes the upload. Resolves to the ETag of the object. An answer with status 200 that contains an error rejects like
   * any other error.
   */
  async complete(condition: Condition, signal: AbortSignal): Promise<string> {
    const { settings, requests } = this.#context
    const Parts = [...this.#parts.values()].toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0))
    const about = { doing: storing(settings, this.#key), permission: permissionToPut(settings) }
    const parameters = { ...this.#target(), MultipartUpload: { Parts }, ...condition }
    return requests.run(about, signal, async (client, sdk, options) => {
      const command = new sdk.CompleteMultipartUploadCommand(parameters)
      return required((await client.send(command, options)).ETag)
    })
  }

  /** Aborts the upload. Never rejects. */
  async abort(): Promise<void> {
    await abortUpload(this.#context, this.#address())
  }

  async #uploadPart(part: number, end: number, signal: AbortSignal): Promise<void> {
    const { settings, limiter, requests } = this.#context
    const from = (part - 1) * this.#partSize
    const to = Math.min(from + this.#partSize, end)
    await limiter.run(to - from, signal, async () => {
      const body = await this.#content.read(from, to)
      const about = { doing: storing(settings, this.#key), permission: 's3:PutObject', bytes: to - from }
      try {
        const parameters = { ...this.#target(), PartNumber: part, Body: body.bytes }
        const checks = { ChecksumAlgorithm: 'CRC32', ...digestOf(settings, body.bytes) } as const
        await requests.run(about, signal, async (client, sdk, options) => {
          const command = new sdk.UploadPartCommand({ ...parameters, ...checks })
          const { ETag, ChecksumCRC32 } = await client.send(command, options)
          const checksum = ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }
          this.#parts.set(part, { PartNumber: part, ETag: required(ETag), ...checksum })
        })
      } finally {
        body.end()
      }
    })
  }

  #target() {
    return { ...this.#address(), ...customerKey(this.#context.settings) }
  }

  #address() {
    return { Bucket: this.#context.settings.bucket, Key: this.#key, UploadId: this.#id }
  }

  #tooManyParts(): ConnectError {
    const { settings } = this.#context
    return new ConnectError(
      'HR_CONNECT',
      `Cannot ${storing(settings, this.#key)}: it needs more than ${MAX_PARTS} parts. Increase s3.part.size ` +
        `(it is ${settings.partSize}), or make objects smaller with flush.size or rotate.interval.ms.`,
    )
  }
}
