import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'

/** A member in one generation of its group. */
export interface Tenure {
  readonly memberId: string
  readonly generation: number
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

/**
 * Positions that a member could not commit when it gave partitions up for a rebalance. They count as long as no other
 * member can have had the partitions since: in the generation that follows directly, as the same member. Otherwise the
 * committed offsets are what counts.
 */
export class KeptPositions {
  readonly #positions = new Map<string, PartitionOffset>()
  #memberId = ''
  /** Last generation up to which the partitions were this member's, or nobody's. */
  #generation = -1

  /** Takes the place of what was kept before. `tenure` is the one in which the partitions were assigned. */
  keep({ memberId, generation }: Tenure, positions: readonly PartitionOffset[]): void {
    this.#positions.clear()
    this.#memberId = memberId
    this.#generation = generation
    for (const position of positions) this.#positions.set(keyOf(position), position)
  }

  /** The member leads this generation and has not divided the work yet: so far nobody has partitions in it. */
  leads(tenure: Tenure): void {
    this.#extend(tenure)
  }

  /** Narrows what is kept to the partitions that are the member's in this generation; returns their positions. */
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
