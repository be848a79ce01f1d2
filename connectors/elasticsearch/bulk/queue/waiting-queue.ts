import type { Operation } from '../../ports.ts'
import type { Entry } from '../entry.ts'
import { SLOTS } from './slots.ts'

const NOBODY = 0

/** What a batch may contain. */
export interface BatchLimits {
  readonly count: number
  readonly bytes: number
}

/**
 * The operations that wait to be sent, in the order in which they were added, and the lanes that own documents.
 *
 * A lane that takes an operation owns its document until it releases the batch. Another lane that comes across a later
 * operation on that document leaves it to the owner, where it is parked until the release. So no two requests in flight
 * contain the same document, and the operations on a document are taken in order.
 */
export class WaitingQueue {
  #entries: Entry[] = []
  #head = 0
  /** Number of the lane that owns the document in a slot. */
  readonly #owners = new Uint16Array(SLOTS)
  readonly #parked: Entry[][] = []
  #bytes = 0

  /** Number of operations that are not parked. */
  get length(): number {
    return this.#entries.length - this.#head
  }

  /** Size of the operations that are not parked. */
  get bytes(): number {
    return this.#bytes
  }

  /** The oldest operation that is not parked. */
  get oldest(): Entry | undefined {
    return this.#entries[this.#head]
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.operation.bytes
  }

  /** Removes and returns the next operations for a lane, which is numbered from 1. May return none. */
  take(lane: number, { count, bytes }: BatchLimits): Entry[] {
    const batch: Entry[] = []
    let size = 0
    for (; this.#head < this.#entries.length; this.#head++) {
      const entry = this.#entries[this.#head] as Entry
      const owner = entry.slot < 0 ? NOBODY : (this.#owners[entry.slot] ?? NOBODY)
      if (owner === NOBODY || owner === lane) {
        const full = batch.length >= count || size + entry.operation.bytes > bytes
        if (full && batch.length > 0) break
        size += entry.operation.bytes
        batch.push(entry)
        if (entry.slot >= 0) this.#owners[entry.slot] = lane
      } else {
        this.#parkedOf(owner).push(entry)
      }
      this.#bytes -= entry.operation.bytes
    }
    this.#compact()
    return batch
  }

  /** Ends a lane's ownership of the documents of its batch. What was parked there comes first now. */
  release(lane: number, batch: readonly Entry[]): void {
    for (const { slot } of batch) if (slot >= 0) this.#owners[slot] = NOBODY
    const parked = this.#parkedOf(lane)
    if (parked.length === 0) return
    this.#entries = parked.concat(this.#entries.slice(this.#head))
    this.#head = 0
    this.#parked[lane] = []
    for (const { operation } of parked) this.#bytes += operation.bytes
  }

  /** Removes and returns the operations that are to be dropped. */
  drop(isGone: (operation: Operation) => boolean): Entry[] {
    const gone: Entry[] = []
    const kept = (entry: Entry): boolean => {
      if (!isGone(entry.operation)) return true
      gone.push(entry)
      return false
    }
    this.#entries = this.#entries.slice(this.#head).filter(kept)
    this.#head = 0
    this.#bytes = this.#entries.reduce((sum, { operation }) => sum + operation.bytes, 0)
    for (const [lane, entries] of this.#parked.entries()) {
      if (entries !== undefined) this.#parked[lane] = entries.filter(kept)
    }
    return gone
  }

  #parkedOf(lane: number): Entry[] {
    return (this.#parked[lane] ??= [])
  }

  #compact(): void {
    if (this.#head < this.#entries.length / 2) return
    this.#entries = this.#entries.slice(this.#head)
    this.#head = 0
  }
}
