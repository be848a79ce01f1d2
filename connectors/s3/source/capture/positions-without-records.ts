import type { SourceOffset, SourcePartition, StoredOffset } from '../../../../api/index.ts'

/**
 * Positions that no record carries: after objects without records, objects that were left out, and passes. A position with a
 * record supersedes those of the same partition before it.
 */
export class PositionsWithoutRecords {
  readonly #positions = new Map<string, StoredOffset>()

  add(partition: SourcePartition, offset: SourceOffset): void {
    this.#positions.set(JSON.stringify(partition), [partition, offset])
  }

  superseded(partition: SourcePartition): void {
    if (this.#positions.size > 0) this.#positions.delete(JSON.stringify(partition))
  }

  take(): readonly StoredOffset[] {
    const all = [...this.#positions.values()]
    this.#positions.clear()
    return all
  }
}
