import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import { keyOf } from '../topic-partition.ts'

/** A member in one generation of its group. */
export interface MemberGeneration {
  readonly memberId: string
  readonly generation: number
}

/**
 * Positions that a member could not commit when its partitions were revoked. They apply while no other member
 * can have owned the partitions since then: in the next generation, under the same member id. Otherwise the
 * committed offsets apply.
 */
export class UncommittedPositions {
  readonly #positions = new Map<string, PartitionOffset>()
  #memberId = ''
  /** Last generation in which no other member owned the partitions. */
  #generation = -1

  /** Replaces the kept positions. `member`: the generation in which the partitions were assigned. */
  keep({ memberId, generation }: MemberGeneration, positions: readonly PartitionOffset[]): void {
    this.#positions.clear()
    this.#memberId = memberId
    this.#generation = generation
    for (const position of positions) this.#positions.set(keyOf(position), position)
  }

  /**
   * Called when the member leads a generation and has not sent assignments yet, so no partition has an owner
   * in it.
   */
  leads(member: MemberGeneration): void {
    this.#extend(member)
  }

  /**
   * Drops the positions of partitions that the member does not own in this generation. Returns the others.
   */
  received(member: MemberGeneration, share: readonly TopicPartition[]): readonly PartitionOffset[] {
    this.#extend(member)
    const own = new Set(share.map(keyOf))
    for (const key of this.#positions.keys()) if (!own.has(key)) this.#positions.delete(key)
    return [...this.#positions.values()]
  }

  clear(): void {
    this.#positions.clear()
  }

  #extend({ memberId, generation }: MemberGeneration): void {
    const follows = generation === this.#generation || generation === this.#generation + 1
    if (memberId === this.#memberId && follows) this.#generation = generation
    else this.#positions.clear()
  }
}
