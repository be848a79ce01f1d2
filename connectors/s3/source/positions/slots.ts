import type { SourceOffset, SourcePartition, StoredOffset } from '../../../../api/index.ts'
import type { ListedObject } from '../../ports.ts'
import type { ObjectProgress } from './progress.ts'
import { ownsSlot, SLOTS, slotOf, type Share } from './shares.ts'
import { slotPartition } from './slot-offset.ts'
import { SlotState } from './slot-state.ts'

export interface SlotsParts {
  readonly bucket: string
  readonly share: Share
  readonly windowMs: number
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

/** The positions of a task in single objects. */
export class Slots {
  readonly #parts: SlotsParts
  /** The slots of the task below each prefix. */
  readonly #roots = new Map<string, Map<number, SlotState>>()

  constructor(parts: SlotsParts) {
    this.#parts = parts
  }

  /** Prepares the slots below a prefix for a scan. Rejects with `HR_CONNECT` for an invalid stored offset. */
  async beginScan(root: string, now: number): Promise<void> {
    const slots = this.#roots.get(root) ?? (await this.#load(root))
    this.#roots.set(root, slots)
    for (const slot of slots.values()) slot.beginScan(now)
  }

  /** Returns the progress in an object that is to be read; `spread` determines the slot. Undefined if it was read, or belongs to another task. */
  claim(root: string, object: ListedObject, spread: string): ObjectProgress | undefined {
    return this.#roots.get(root)?.get(slotOf(spread))?.claim(object)
  }

  /**
   * Ends a scan in which everything was read. Returns the positions that have changed without a record, how many objects
   * appeared too late, and whether some were left out.
   */
  endScan(root: string): { offsets: StoredOffset[]; late: number; crowded: boolean } {
    const slots = [...(this.#roots.get(root)?.values() ?? [])]
    let late = 0
    const offsets: StoredOffset[] = []
    for (const slot of slots) {
      late += slot.takeLate()
      if (slot.endScan()) offsets.push([slot.partition, slot.offset])
    }
    return { offsets, late, crowded: slots.some(({ crowded }) => crowded) }
  }

  async #load(root: string): Promise<Map<number, SlotState>> {
    const { bucket, share, windowMs, lastOffsets } = this.#parts
    const numbers = Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => ownsSlot(share, slot))
    const partitions = numbers.map((slot) => slotPartition(bucket, root, slot))
    const stored = await lastOffsets(partitions)
    return new Map(
      partitions.map((partition, index) => [
        numbers[index] ?? 0,
        new SlotState(partition, stored[index], windowMs),
      ]),
    )
  }
}
