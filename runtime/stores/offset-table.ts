import type { SourcePartition } from '../../api/index.ts'
import { readOffsetKey, readOffsetValue } from './offset-entries.ts'
import type { PartitionOffsetEntry, StoredOffset } from './ports.ts'

/**
 * Offsets in memory, by the bytes of their keys: as in Java, a different key order is a different partition.
 */
export class OffsetTable {
  readonly #values = new Map<string, Buffer>()
  readonly #partitions = new Map<string, Map<string, SourcePartition>>()

  get(key: string): StoredOffset | undefined {
    const value = this.#values.get(key)
    return value === undefined ? undefined : (readOffsetValue(value) ?? undefined)
  }

  /** Sets an offset; a null value deletes it. Returns false for a key that is not an offset key. */
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

  /** All partitions of a connector with their offsets. */
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
