import { randomUUID } from 'node:crypto'
import { ConnectError } from '../../../../api/index.ts'
import type { ObjectAttributes, ObjectExtent, OpenObject, Stored, WhenExists } from '../../ports.ts'
import { MAX_PARTS } from '../settings.ts'
import type { Content } from '../staging/content.ts'
import { writeConditionally, type Written } from './conditional.ts'
import { isUploadGone, storing, type Condition, type UploadContext } from './context.ts'
import { metadataOf, uploadIn, uploadMetadata, type Metadata } from './extent.ts'
import { MultipartUpload } from './multipart.ts'
import { creation } from './parameters.ts'
import { putObject } from './put.ts'
import { stamp } from './stamp.ts'
import { tagObject } from './tagging.ts'

/** How often an upload that others have aborted is begun anew before the caller gets the error. */
const RESTARTS = 2

/** An upload that began before the extent was known. */
interface Early {
  readonly id: string
  readonly upload: MultipartUpload
  /** ETag of the object, once it is complete. */
  etag?: string
}

/** An object of {@link S3ObjectWriter}. */
export class S3OpenObject implements OpenObject {
  readonly key: string
  readonly content: Content
  readonly #context: UploadContext
  readonly #attributes: ObjectAttributes
  readonly #onEnd: (object: S3OpenObject) => void
  readonly #discarded = new AbortController()
  #upload: MultipartUpload | undefined
  #early: Early | undefined
  #sent = 0
  #sealed = false
  #running: Promise<unknown> | undefined

  constructor(
    context: UploadContext,
    key: string,
    attributes: ObjectAttributes,
    content: Content,
    onEnd: (object: S3OpenObject) => void,
  ) {
    this.#context = context
    this.key = key
    this.#attributes = attributes
    this.content = content
    this.#onEnd = onEnd
  }

  get size(): number {
    return this.content.size
  }

  /** The call of {@link store} in progress; resolves in any case. */
  get storing(): Promise<unknown> | undefined {
    return this.#sealed ? this.#running : undefined
  }

  /** Number of bytes that {@link uploadEarly} would upload. */
  get streamable(): number {
    const { partSize } = this.#context.settings
    return this.#sealed ? 0 : Math.floor(this.size / partSize) * partSize - this.#sent
  }

  append(bytes: Buffer): void {
    if (this.#sealed) throw new ConnectError('HR_ILLEGAL_STATE', `${this.key} is being stored already.`)
    this.content.append(bytes)
  }

  store(extent: ObjectExtent, whenExists: WhenExists, signal: AbortSignal): Promise<Stored> {
    this.#sealed = true
    return this.#run(signal, async (each) => {
      const written = await this.#write(extent, whenExists, each)
      const stored = written.kind === 'exists' ? written : await this.#finish(extent, whenExists, each)
      if (stored.kind === 'exists') return stored // the bytes and the upload are kept: the caller may decide to replace
      if (written.kind !== 'written') await this.#abort()
      this.#context.metrics.stored(this.size)
      this.#end()
      return stored
    })
  }

  /** Uploads full parts although the object is still open, and forgets them. Rejects like {@link store}. */
  async uploadEarly(signal: AbortSignal): Promise<void> {
    const end = this.#sent + this.streamable
    if (end === this.#sent) return
    await this.#run(signal, async (each) => {
      this.#early ??= await this.#beginEarly(each)
      try {
        await this.#early.upload.uploadParts(end, each)
      } catch (error) {
        throw this.#explained(error)
      }
      this.content.drop(end)
      this.#sent = end
    })
  }

  async discard(): Promise<void> {
    this.#sealed = true
    this.#discarded.abort(new Error(`${this.key} has been discarded`))
    await this.#running
    await this.#abort()
    this.#end()
  }

  /** Calls `work` with a signal that is also aborted when the object is discarded. */
  async #run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running !== undefined) await this.#running
    this.#discarded.signal.throwIfAborted()
    signal.throwIfAborted()
    const controller = new AbortController()
    const sources = [signal, this.#discarded.signal]
    const abort = (): void => controller.abort(sources.find(({ aborted }) => aborted)?.reason)
    for (const source of sources) source.addEventListener('abort', abort, { once: true })
    const result = work(controller.signal).finally(() => {
      for (const source of sources) source.removeEventListener('abort', abort)
      this.content.unclaim()
      this.#running = undefined
    })
    this.#running = result.catch(() => {})
    return result
  }

  async #write(extent: ObjectExtent, whenExists: WhenExists, signal: AbortSignal): Promise<Written> {
    if (this.#early !== undefined) return this.#completeEarly(this.#early, extent, whenExists, signal)
    const parameters = this.#creation(metadataOf(extent))
    if (this.size > this.#context.settings.partSize) {
      return this.#uploadInParts(parameters, extent, whenExists, signal)
    }
    return this.#context.limiter.run(this.size, signal, async () => {
      const body = await this.content.read(0, this.size)
      try {
        const write = (condition: Condition, each: AbortSignal) =>
          putObject(this.#context, parameters, body, condition, each)
        return await writeConditionally(this.#context, { key: this.key, extent, whenExists, write }, signal)
      } finally {
        body.end()
      }
    })
  }

  async #uploadInParts(
    parameters: ReturnType<typeof creation>,
    extent: ObjectExtent,
    whenExists: WhenExists,
    signal: AbortSignal,
  ): Promise<Written> {
    const partSize = Math.max(this.#context.settings.partSize, Math.ceil(this.size / MAX_PARTS))
    for (let attempt = 0; ; attempt++) {
      this.#upload ??= await MultipartUpload.create(this.#context, parameters, this.content, partSize, signal)
      const upload = this.#upload
      try {
        await upload.uploadParts(this.size, signal)
        const write = (condition: Condition, each: AbortSignal) => upload.complete(condition, each)
        const attributes = { key: this.key, extent, whenExists, write }
        return await writeConditionally(this.#context, attributes, signal)
      } catch (error) {
        if (!isUploadGone(error)) throw error
        this.#upload = undefined
        if (attempt === RESTARTS) throw this.#abortedByOthers('HR_RETRIABLE', error)
      }
    }
  }

  async #beginEarly(signal: AbortSignal): Promise<Early> {
    const id = randomUUID()
    const { partSize } = this.#context.settings
    const parameters = this.#creation(uploadMetadata(id))
    this.#upload = await MultipartUpload.create(this.#context, parameters, this.content, partSize, signal)
    return { id, upload: this.#upload }
  }

  async #completeEarly(
    early: Early,
    extent: ObjectExtent,
    whenExists: WhenExists,
    signal: AbortSignal,
  ): Promise<Written> {
    try {
      await early.upload.uploadParts(this.size, signal)
      if (early.etag === undefined) {
        const written = await writeConditionally(
          this.#context,
          {
            key: this.key,
            extent,
            whenExists,
            write: (condition, each) => early.upload.complete(condition, each),
            isOurs: ({ metadata }) => uploadIn(metadata) === early.id,
          },
          signal,
        )
        if (written.kind !== 'written') return written
        early.etag = written.etag
      }
    } catch (error) {
      throw this.#explained(error)
    }
    return { kind: 'written', etag: early.etag }
  }

  /** What follows once the bytes are in the bucket. */
  async #finish(extent: ObjectExtent, whenExists: WhenExists, signal: AbortSignal): Promise<Stored> {
    const { key, size } = this
    const etag = this.#early?.etag
    if (etag !== undefined) {
      const unstamped = { key, etag, size, attributes: this.#attributes, extent, whenExists }
      const stamped = await stamp(this.#context, unstamped, signal)
      if (stamped.kind === 'exists') return stamped
    }
    await tagObject(this.#context, key, extent, signal)
    return { kind: 'stored' }
  }

  /** The bytes of early parts are gone: if the upload is gone too, only reading the records again helps. */
  #explained(error: unknown): unknown {
    return isUploadGone(error) ? this.#abortedByOthers('HR_CONNECT', error) : error
  }

  #abortedByOthers(code: 'HR_CONNECT' | 'HR_RETRIABLE', cause: unknown): ConnectError {
    const remedy =
      code === 'HR_CONNECT'
        ? 'Check the lifecycle rules of the bucket, and restart the task: it reads the records again'
        : 'Check the lifecycle rules of the bucket and other programs that write to it'
    const doing = storing(this.#context.settings, this.key)
    return new ConnectError(code, `Cannot ${doing}: its upload was aborted by another program. ${remedy}.`, {
      cause,
    })
  }

  #creation(metadata: Metadata) {
    return creation(this.#context.settings, this.key, this.#attributes, metadata)
  }

  async #abort(): Promise<void> {
    const upload = this.#upload
    this.#upload = undefined
    this.#early = undefined
    await upload?.abort()
  }

  #end(): void {
    this.content.clear()
    this.#onEnd(this)
  }
}
