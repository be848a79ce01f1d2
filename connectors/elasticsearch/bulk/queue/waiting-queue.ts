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
  /** What was parked, which comes before the rest. */
  #front: Entry[] = []
  #frontHead = 0
  #entries: Entry[] = []
  #head = 0
  /** Number of the lane that owns the document in a slot. */
  readonly #owners = new Uint16Array(SLOTS)
  readonly #parked: Entry[][] = []
  #bytes = 0

  /** Number of operations that are not parked. */
  get length(): number {
    return this.#front.length - this.#frontHead + this.#entries.length - this.#head
  }

  /** Size of the operations that are not parked. */
  get bytes(): number {
    return this.#bytes
  }

  /** The next operation that is not parked. */
  get next(): Entry | undefined {
    return this.#front[this.#frontHead] ?? this.#entries[this.#head]
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += entry.operation.bytes
  }

  /** Removes and returns the next operations for a lane, which is numbered from 1. May return none. */
  take(lane: number, { count, bytes }: BatchLimits): Entry[] {
    const batch: Entry[] = []
    let size = 0
    for (let entry = this.next; entry !== undefined; entry = this.next) {
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
      this.#shift(entry)
    }
    this.#compact()
    return batch
  }

  /** Ends a lane's ownership of the documents of its batch. What was parked there comes first now. */
  release(lane: number, batch: readonly Entry[]): void {
    for (const { slot } of batch) if (slot >= 0) this.#owners[slot] = NOBODY
    const parked = this.#parkedOf(lane)
    if (parked.length === 0) return
    this.#front = parked.concat(this.#front.slice(this.#frontHead))
    this.#frontHead = 0
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
    this.#entries = [...this.#front.slice(this.#frontHead), ...this.#entries.slice(this.#head)].filter(kept)
    this.#front = []
    this.#frontHead = this.#head = 0
    this.#bytes = this.#entries.reduce((sum, { operation }) => sum + operation.bytes, 0)
    for (const [lane, entries] of this.#parked.entries()) {
      if (entries !== undefined) this.#parked[lane] = entries.filter(kept)
    }
    return gone
  }

  #parkedOf(lane: number): Entry[] {
    return (this.#parked[lane] ??= [])
  }

  #shift({ operation }: Entry): void {
    if (this.#frontHead < this.#front.length) this.#frontHead++
    else this.#head++
    this.#bytes -= operation.bytes
  }

  /** Releases the memory of what has been removed. */
  #compact(): void {
    if (this.#frontHead > 0 && this.#frontHead === this.#front.length) {
      this.#front = []
      this.#frontHead = 0
    }
    if (this.#head < this.#entries.length / 2) return
    this.#entries = this.#entries.slice(this.#head)
    this.#head = 0
  }
}
