import { open, readFile, rename } from 'node:fs/promises'
import { ConnectError, messageOf, type SourcePartition } from '../../../api/index.ts'
import { offsetKey, offsetRecords } from '../offset-entries.ts'
import { OffsetTable } from '../offset-table.ts'
import type { OffsetStore, PartitionOffsetEntry, StoredOffset } from '../ports.ts'
import { JoinedCall } from '../../timing/index.ts'
import { readJavaMap, writeJavaMap } from './java-map.ts'

/**
 * Offsets of a standalone worker in a single file. The format is that of the Java worker, so that each can
 * continue from the other's file. Each write creates a new file and renames it over the old one: a crash
 * leaves one or the other.
 *
 * Source: FileOffsetBackingStore.
 */
export class FileOffsetStore implements OffsetStore {
  readonly #path: string
  readonly #table = new OffsetTable()
  /** Commits that arrive during a write share the next one. */
  readonly #save = new JoinedCall(() => this.#write())
  #saving: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(path: string) {
    this.#path = path
  }

  /** Throws `HR_CONFIG_INVALID` when the file exists but is not an offset file. */
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

  /**
   * Resolves once all pending offsets are written. No write follows, because another worker may then use the
   * file.
   */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#saving
  }

  async get(
    connector: string,
    partitions: readonly SourcePartition[],
  ): Promise<(StoredOffset | undefined)[]> {
    return partitions.map((partition) => this.#table.get(offsetKey(connector, partition)))
  }

  async set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    if (this.#stopped) throw new ConnectError('HR_CONNECT', `The offset file ${this.#path} is closed`)
    for (const { key, value } of offsetRecords(connector, offsets))
      this.#table.set(Buffer.from(key), value === null ? null : Buffer.from(value))
    const saved = this.#save.ask()
    this.#saving = saved.catch(() => {}) // reported to the callers of set()
    await saved
  }

  async all(connector: string): Promise<PartitionOffsetEntry[]> {
    return this.#table.all(connector)
  }

  async #write(): Promise<void> {
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
