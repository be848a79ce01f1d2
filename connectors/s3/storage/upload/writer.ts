import type { ObjectAttributes, ObjectWriter, OpenObject } from '../../ports.ts'
import type { Staging } from '../staging/staging.ts'
import type { UploadContext } from './context.ts'
import { S3OpenObject } from './open-object.ts'

/** The objects that a task writes. */
export class S3ObjectWriter implements ObjectWriter {
  readonly #context: UploadContext
  readonly #staging: Staging
  readonly #objects = new Set<S3OpenObject>()
  #settling: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(context: UploadContext, staging: Staging) {
    this.#context = context
    this.#staging = staging
  }

  open(key: string, attributes: ObjectAttributes): OpenObject {
    const object = new S3OpenObject(this.#context, key, attributes, this.#staging.create(), (ended) => {
      this.#objects.delete(ended)
      this.#measure()
    })
    this.#objects.add(object)
    return object
  }

  settle(heldByEncoders: number, signal: AbortSignal): Promise<void> {
    const settled = this.#settling.then(() => this.#settle(heldByEncoders, signal))
    this.#settling = settled.catch(() => {})
    return settled
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all([...this.#objects].map((object) => object.discard()))
    await this.#settling
    await this.#staging.close()
  }

  async #settle(heldByEncoders: number, signal: AbortSignal): Promise<void> {
    if (this.#closed) return
    this.#staging.budget.encoders = heldByEncoders
    try {
      const contents = [...this.#objects].map(({ content }) => content)
      await this.#staging.relieve(contents, signal)
      while (this.#staging.isFileFull && (await this.#shrinkFile(signal)));
    } finally {
      this.#measure()
    }
  }

  /** Uploads the largest open object, or waits for an object that is being stored. Resolves to false if there is none. */
  async #shrinkFile(signal: AbortSignal): Promise<boolean> {
    const objects = [...this.#objects]
    let largest: S3OpenObject | undefined
    for (const object of objects) if (object.streamable > (largest?.streamable ?? 0)) largest = object
    if (largest !== undefined) {
      await largest.uploadEarly(signal)
      return true
    }
    const stores = objects.map(({ storing }) => storing).filter((storing) => storing !== undefined)
    if (stores.length === 0) return false
    await firstOf(stores, signal)
    return true
  }

  #measure(): void {
    const { budget, fileBytes } = this.#staging
    this.#context.metrics.staged(this.#objects.size, budget.total, fileBytes)
  }
}

/** Waits until one of the promises has settled. Rejects when the signal is aborted. */
function firstOf(promises: readonly Promise<unknown>[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    const done = (): void => {
      signal.removeEventListener('abort', abort)
      resolve()
    }
    signal.addEventListener('abort', abort, { once: true })
    for (const promise of promises) void promise.then(done, done)
  })
}
