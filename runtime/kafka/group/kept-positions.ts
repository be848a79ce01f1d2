import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'

/** A member in one generation of its group. */
export interface Tenure {
  readonly memberId: string
  readonly generation: number
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/**
 * Positions that a member could not commit when its partitions were revoked. They apply while no other member
 * can have owned the partitions since then: in the next generation, under the same member id. Otherwise the
 * committed offsets apply.
 */
export class KeptPositions {
  readonly #positions = new Map<string, PartitionOffset>()
  #memberId = ''
  /** Last generation in which no other member owned the partitions. */
  #generation = -1

  /** Replaces the kept positions. `tenure` is the one in which the partitions were assigned. */
  keep({ memberId, generation }: Tenure, positions: readonly PartitionOffset[]): void {
    this.#positions.clear()
    this.#memberId = memberId
    this.#generation = generation
    for (const position of positions) this.#positions.set(keyOf(position), position)
  }

  /**
   * Called when the member leads a generation and has not sent assignments yet, so no partition has an owner
   * in it.
   */
  leads(tenure: Tenure): void {
    this.#extend(tenure)
  }

  /**
   * Drops the positions of partitions that the member does not own in this generation. Returns the others.
   */
  received(tenure: Tenure, share: readonly TopicPartition[]): readonly PartitionOffset[] {
    this.#extend(tenure)
    const own = new Set(share.map(keyOf))
    for (const key of this.#positions.keys()) if (!own.has(key)) this.#positions.delete(key)
    return [...this.#positions.values()]
  }

  clear(): void {
    this.#positions.clear()
  }

  #extend({ memberId, generation }: Tenure): void {
    const follows = generation === this.#generation || generation === this.#generation + 1
    if (memberId === this.#memberId && follows) this.#generation = generation
    else this.#positions.clear()
  }
}
