import type { SourcePartition } from '../../api/index.ts'
import { readOffsetKey, readOffsetValue } from './offset-entries.ts'
import type { PartitionOffsetEntry, StoredOffset } from './ports.ts'

/** Offsets in memory, by the bytes of their keys: two spellings of a partition are two partitions, as in Java. */
export class OffsetTable {
  readonly #values = new Map<string, Buffer>()
  readonly #partitions = new Map<string, Map<string, SourcePartition>>()

  get(key: string): StoredOffset | undefined {
    const value = this.#values.get(key)
    return value === undefined ? undefined : (readOffsetValue(value) ?? undefined)
  }

  /** False for a key that is no offset's. A null value deletes. */
  set(key: Buffer, value: Buffer | null): boolean {
    const parsed = readOffsetKey(key)
    if (parsed === undefined) return false
    const text = key.toString('utf8')
    const { connector, partition } = parsed
    const partitions = this.#partitions.get(connector) ?? new Map<string, SourcePartition>()
    this.#partitions.set(connector, partitions)
    if (value === null) {
      this.#values.delete(text)
      partitions.delete(text)
    } else {
      this.#values.set(text, value)
      if (partition !== null) partitions.set(text, partition)
    }
    return true
  }

  /** Each partition of a connector with its offset. */
  all(connector: string): PartitionOffsetEntry[] {
    return [...(this.#partitions.get(connector) ?? [])].flatMap(([key, partition]) => {
      const offset = this.get(key)
      return offset === undefined ? [] : [[partition, offset] as const]
    })
  }

  entries(): [string, Buffer][] {
    return [...this.#values]
  }
}
