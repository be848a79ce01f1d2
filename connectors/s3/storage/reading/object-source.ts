import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectError } from '../../../../api/index.ts'
import type { ListedObject, ObjectSource } from '../../ports.ts'
import { customerKey } from '../client/customer-key.ts'
import type { Requests } from '../client/requests.ts'
import { explain, required, statusOf } from '../errors/failures.ts'
import type { StorageSettings } from '../settings.ts'

/** An object as it was when it was listed. */
export class S3ObjectSource implements ObjectSource {
  readonly key: string
  readonly size: number
  readonly #etag: string
  readonly #settings: StorageSettings
  readonly #requests: Requests

  constructor(settings: StorageSettings, requests: Requests, { key, size, etag }: ListedObject) {
    this.key = key
    this.size = size
    this.#etag = etag
    this.#settings = settings
    this.#requests = requests
  }

  /** A connection that is cut is replaced, from the next byte on; each byte that arrives counts as a success. */
  stream(from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    return this.#stream(from, this.size, signal)
  }

  async range(start: number, end: number, signal: AbortSignal): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of this.#stream(start, Math.min(end, this.size), signal)) chunks.push(chunk)
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
  }

  async *#stream(start: number, end: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    let position = start
    for (let failures = 0; position < end;) {
      const body = await this.#get(position, end, signal)
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          position += chunk.length
          failures = 0
          yield chunk
        }
        if (position >= end) return
        throw Object.assign(new Error('the connection was closed early'), { code: 'ECONNRESET' })
      } catch (error) {
        signal.throwIfAborted()
        const failure = explain(error, this.#attempt())
        if (!failure.again || failures++ >= this.#settings.partRetries) throw failure.error
        this.#requests.repeated(failure.error)
        await sleep(this.#requests.backoffMs(failures), undefined, { signal }).catch(() => {})
      } finally {
        body.destroy() // also when the reader stops early
      }
    }
  }

  async #get(start: number, end: number, signal: AbortSignal): Promise<Readable> {
    const isWhole = start === 0 && end === this.size
    const parameters = {
      Bucket: this.#settings.bucket,
      Key: this.key,
      IfMatch: this.#etag,
      ...(isWhole ? {} : { Range: `bytes=${start}-${end - 1}` }),
      ...customerKey(this.#settings),
    }
    try {
      const about = { ...this.#attempt(), streams: true }
      return await this.#requests.run(about, signal, async (client, sdk, options) => {
        const { ContentRange, ETag, Body } = await client.send(new sdk.GetObjectCommand(parameters), options)
        const isExpected = isWhole ? ETag !== undefined : ContentRange?.startsWith(`bytes ${start}-`)
        required(isExpected === true ? Body : undefined)
        return Body as Readable
      })
    } catch (error) {
      throw this.#hasChanged(error) ? this.#changed(error) : error
    }
  }

  #hasChanged(error: unknown): boolean {
    const status = statusOf(error)
    return status === 412 || status === 416 || (status === 404 && !/NoSuchBucket/.test(String(error)))
  }

  #changed(cause: unknown): ConnectError {
    const text = `${this.key} in bucket ${this.#settings.bucket} was replaced or deleted after it was listed.`
    return new ConnectError('HR_RETRIABLE', text, { cause })
  }

  #attempt() {
    const { bucket, region } = this.#settings
    const doing = `read ${this.key} in bucket ${bucket}`
    return { doing, permission: 's3:GetObject', bucket, region, renewable: true }
  }
}
