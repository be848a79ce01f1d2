import { setTimeout as wait } from 'node:timers/promises'
import { isRetriable, type SinkTaskContext } from '../../../../api/index.ts'
import { Limiter } from '../../limiter.ts'
import type { SinkPlan } from '../../ports.ts'
import type { DirectoryObject, DirectoryObjects } from '../batch/directory-objects.ts'
import type { SinkMetrics } from '../metrics.ts'
import { RetryReports } from './retry-reports.ts'

/** Directories whose objects are being stored at the same time. */
const CONCURRENCY = 16
/** Beyond this number of closed objects and of bytes, no more are closed. */
const MAX_CLOSED_OBJECTS = 1000
const MAX_CLOSED_BYTES = 256 * 1024 * 1024

/** What storing the objects of a directory resulted in: the extent that is in the bucket now. */
export interface StoredDirectory {
  readonly endOffset: number
  /** Key of the main object if another one was kept instead. */
  readonly kept: string | null
}

/** Stores the closed objects of a task: what its partitions share. */
export class Storing {
  readonly #plan: SinkPlan
  readonly #metrics: SinkMetrics
  readonly #context: SinkTaskContext
  readonly #limiter = new Limiter(CONCURRENCY)
  readonly #retries: RetryReports
  readonly #listeners = new Set<() => void>()
  #failure: { readonly error: unknown } | undefined
  /** Number of changes so far, see {@link onChange}. */
  changes = 0
  #closed = false
  #objects = 0
  #bytes = 0

  constructor(plan: SinkPlan, context: SinkTaskContext, metrics: SinkMetrics) {
    this.#plan = plan
    this.#context = context
    this.#metrics = metrics
    this.#retries = new RetryReports(context)
  }

  /** Whether so much is waiting to be stored that no more objects should be closed. */
  get full(): boolean {
    return this.#objects >= MAX_CLOSED_OBJECTS || this.#bytes >= MAX_CLOSED_BYTES
  }

  /** Number of objects that are being stored or wait for it. */
  get closedObjects(): number {
    return this.#objects
  }

  /** The error that has failed the task. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** Whether the task has ended: its context is no longer used. */
  get closed(): boolean {
    return this.#closed
  }

  /** Called when the task ends. */
  close(): void {
    this.#closed = true
    this.#retries.close()
  }

  /** Fails the task. */
  fail(error: unknown): void {
    if (this.#closed || this.#failure !== undefined) return
    this.#failure = { error }
    this.#context.fail(error)
    this.changed()
  }

  /** Counts closed objects that wait for being stored; negative numbers when they no longer do. */
  count(objects: number, bytes: number): void {
    this.#objects += objects
    this.#bytes += bytes
    if (objects < 0) this.changed()
  }

  /** Calls the listeners: there is room, or something has been decided. */
  changed(): void {
    this.changes++
    for (const listener of this.#listeners) listener()
  }

  /** Calls `listener` at each change. Returns a function that ends this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Stores the objects of a directory, the main one last. Rejects if an attempt fails with an error that is not
   * retriable, and when the signal is aborted.
   */
  store(directory: DirectoryObjects, signal: AbortSignal): Promise<StoredDirectory> {
    return this.#limiter.run(0, signal, async () => {
      const [main, ...companions] = directory.objects as [DirectoryObject, ...DirectoryObject[]]
      const leftBehind: DirectoryObject[] = []
      for (const companion of companions) {
        const stored = await this.#storeObject(companion, directory, signal)
        if (stored.kind === 'exists') leftBehind.push(companion)
      }
      const stored = await this.#storeObject(main, directory, signal)
      if (stored.kind === 'exists') {
        await directory.discard()
        return { endOffset: stored.endOffset, kept: main.object.key }
      }
      for (const companion of leftBehind) await this.#replace(companion, directory, signal)
      return { endOffset: directory.endOffset, kept: null }
    })
  }

  async #storeObject(entry: DirectoryObject, { extent }: DirectoryObjects, signal: AbortSignal) {
    const { object, encoder } = entry
    await encoder.end()
    const attempt = () => object.store(extent, this.#plan.whenExists, signal)
    const stored = await this.retried(object, signal, attempt)
    if (stored.kind === 'stored') entry.done = true
    return stored
  }

  /**
   * Replaces an object with keys or headers that a task left behind before it stored the main object, which now has
   * other records.
   */
  async #replace(entry: DirectoryObject, { extent }: DirectoryObjects, signal: AbortSignal) {
    const { object } = entry
    await this.retried(object, signal, () => object.store(extent, 'replace', signal))
    entry.done = true
  }

  /** Repeats attempts that fail with a retriable error. */
  async retried<T>(of: object, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const { retryBackoffMs } = this.#plan
    try {
      for (;;) {
        try {
          return await attempt()
        } catch (error) {
          if (signal.aborted || !isRetriable(error)) throw error
          this.#metrics.retried()
          this.#retries.failed(of, error, retryBackoffMs)
        }
        await wait(retryBackoffMs, undefined, { signal })
      }
    } finally {
      this.#retries.ended(of)
    }
  }
}
