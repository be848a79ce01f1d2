import { open, readFile, rename } from 'node:fs/promises'
import { ConnectError, messageOf, type SourcePartition } from '../../../api/index.ts'
import { offsetKey, offsetValue } from '../offset-entries.ts'
import { OffsetTable } from '../offset-table.ts'
import type { OffsetStore, PartitionOffsetEntry, StoredOffset } from '../ports.ts'
import { readJavaMap, writeJavaMap } from './java-map.ts'

/**
 * Offsets of a standalone worker in one file, in the format of the Java worker, so that either can go on where the
 * other stopped. Written whole, beside the old file, and put in its place: a crash leaves the one or the other.
 *
 * Source: FileOffsetBackingStore.
 */
export class FileOffsetStore implements OffsetStore {
  readonly #path: string
  readonly #table = new OffsetTable()
  #saving: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Throws `HR_CONFIG_INVALID` when the file is there but is no offset file. */
  async start(): Promise<void> {
    const stream = await readFile(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0)
      throw this.#invalid(error)
    })
    if (stream.length === 0) return
    try {
      for (const [key, value] of readJavaMap(stream)) if (key !== null) this.#table.set(key, value)
    } catch (error) {
      throw this.#invalid(error)
    }
  }

  async stop(): Promise<void> {
    await this.#saving
  }

  async get(
    connector: string,
    partitions: readonly SourcePartition[],
  ): Promise<(StoredOffset | undefined)[]> {
    return partitions.map((partition) => this.#table.get(offsetKey(connector, partition)))
  }

  async set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    for (const [partition, offset] of offsets) {
      const value = offsetValue(offset)
      this.#table.set(
        Buffer.from(offsetKey(connector, partition)),
        value === null ? null : Buffer.from(value),
      )
    }
    const saved = this.#saving.then(() => this.#save())
    this.#saving = saved.catch(() => {}) // who waits for this save hears of it; the next one starts afresh
    await saved
  }

  async all(connector: string): Promise<PartitionOffsetEntry[]> {
    return this.#table.all(connector)
  }

  async #save(): Promise<void> {
    const stream = writeJavaMap(this.#table.entries().map(([key, value]) => [Buffer.from(key), value]))
    const beside = `${this.#path}.tmp`
    const file = await open(beside, 'w')
    try {
      await file.writeFile(stream)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, this.#path)
  }

  #invalid(cause: unknown): ConnectError {
    const key = 'offset.storage.file.filename'
    const message = `The offset file ${this.#path} of ${key} cannot be read: ${messageOf(cause)}`
    return new ConnectError('HR_CONFIG_INVALID', message, { cause, configKey: key })
  }
}
