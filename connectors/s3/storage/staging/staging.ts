import type { Logger } from '../../../../api/index.ts'
import type { StorageSettings } from '../settings.ts'
import { StagingBudget } from './budget.ts'
import { Content } from './content.ts'
import { TemporaryFile } from './temporary-file.ts'

/**
 * The rest of the limit is for memory that the engine and the C library have not given back: with 500 open objects and
 * the default limit, the task process would otherwise have more than 300 MB, measured with JSON and Parquet.
 */
const IN_USE = 0.45
/** Memory is freed until this share of the limit is in use, so that not every batch moves bytes. */
const RELIEF = 0.35

/** The bytes of a task's objects that are not stored yet: in memory, and beyond its limit in a temporary file. */
export class Staging {
  readonly budget = new StagingBudget()
  readonly #settings: StorageSettings
  readonly #file: TemporaryFile
  readonly #log: Logger
  #warned = false

  constructor(settings: StorageSettings, log: Logger) {
    this.#settings = settings
    this.#file = new TemporaryFile(settings.temporaryFolder)
    this.#log = log
  }

  /** Bytes in the temporary file. */
  get fileBytes(): number {
    return this.#file.used
  }

  /** Whether the temporary file has more bytes than its limit. */
  get isFileFull(): boolean {
    return this.#file.used > this.#settings.stagingMaxBytes
  }

  create(): Content {
    return new Content(this.#file, this.budget)
  }

  /**
   * Moves bytes to the file, those of the largest contents first, while almost as much memory is in use as allowed. Rejects with
   * `HR_RETRIABLE` if the disk is full.
   */
  async relieve(contents: Iterable<Content>, signal: AbortSignal): Promise<void> {
    await this.#file.trim()
    const limit = this.#settings.bufferMaxBytes
    if (this.budget.total <= limit * IN_USE) return
    const largestFirst = [...contents]
      .map((content) => ({ content, bytes: content.spillable }))
      .filter(({ bytes }) => bytes > 0)
      .toSorted((one, other) => other.bytes - one.bytes)
    if (largestFirst.length > 0) this.#warn(largestFirst.length)
    for (const { content } of largestFirst) {
      if (this.budget.total <= limit * RELIEF) return
      signal.throwIfAborted()
      await content.spill()
    }
  }

  /** Removes the file. Never rejects. */
  close(): Promise<void> {
    return this.#file.close()
  }

  #warn(objects: number): void {
    if (this.#warned) return
    this.#warned = true
    const { bufferMaxBytes, temporaryFolder } = this.#settings
    this.#log.warn(
      `${objects} objects that are not stored yet need more memory than headrace.s3.buffer.max.bytes (${bufferMaxBytes}): ` +
        `their bytes are kept in a temporary file in ${temporaryFolder}`,
    )
  }
}
