import type { SourceOffset, SourcePartition } from '../../../../api/index.ts'
import type { ListedObject } from '../../ports.ts'
import type { ObjectProgress } from './progress.ts'
import { newSlot, parseSlotOffset, slotOffset, tokenOf, tokensOf, type SlotPosition } from './slot-offset.ts'

/** The most objects that a slot remembers one by one. The text of their tokens has 16 KB. */
const MOST_RECENT = 2000

/**
 * The position in a slot of single objects, whose keys say nothing about their order.
 *
 * New objects may have any key, and may appear some time after the time of modification that the storage reports (that of
 * an object in parts is the time of its first part). So objects modified within a window before now are remembered one by
 * one. Older ones are read in passes, in the order of their keys, up to a time that is fixed when the pass begins; after it,
 * everything up to that time has been read, and their tokens are dropped. The position therefore has a bounded size however
 * many objects there are. If the window has too many objects, it becomes smaller.
 *
 * An object that was replaced is another object: it has another time of modification.
 */
export class SlotState {
  readonly partition: SourcePartition
  readonly #windowMs: number
  #position: SlotPosition
  /** Tokens of read objects, and when they were modified; null until the object has been listed. */
  readonly #recent: Map<string, number | null>
  /** Tokens listed in this scan. */
  #listed = new Set<string>()
  /** Number of recent objects that this scan passed on and that have not been read yet. */
  #issued = 0
  #crowded = false
  #settled = { listed: 0, before: undefined as number | undefined }

  constructor(partition: SourcePartition, stored: SourceOffset | undefined, windowMs: number) {
    this.partition = partition
    this.#windowMs = windowMs
    this.#position = stored === undefined ? newSlot : parseSlotOffset(stored)
    this.#recent = new Map(tokensOf(this.#position.recent).map((token) => [token, null]))
  }

  get offset(): SourceOffset {
    return slotOffset(this.#position)
  }

  /** Begins a pass if it is time for one. */
  beginScan(now: number): void {
    this.#listed = new Set()
    this.#issued = 0
    this.#settled.listed = 0
    const { through, until } = this.#position
    if (until > through) return
    const next = this.#crowded ? Math.max(now - this.#windowMs, this.#middle()) : now - this.#windowMs
    const due = through === 0 || this.#crowded || next - through >= this.#windowMs / 4
    if (due && next > through) this.#position = { ...this.#position, until: next, after: '' }
    this.#crowded = false
  }

  /** Returns the progress in an object that is to be read, and undefined for one that is not. Keys come in order. */
  claim({ key, lastModified }: ListedObject): ObjectProgress | undefined {
    const { through, until, after, object, modified, records } = this.#position
    if (lastModified <= through) {
      this.#settled.listed++
      return undefined
    }
    const token = tokenOf(key, lastModified)
    if (this.#recent.has(token)) {
      this.#recent.set(token, lastModified)
      this.#listed.add(token)
      return undefined
    }
    const inPass = lastModified <= until
    if (inPass && key <= after) return undefined
    if (!inPass && this.#isFull()) return undefined
    if (!inPass) this.#issued++
    const skip = object === key && modified === lastModified ? records : 0
    return this.#progress({ key, lastModified, skip, token: inPass ? null : token })
  }

  /**
   * Ends a scan that has listed and passed on everything. Returns whether the position has changed without a record.
   */
  endScan(): boolean {
    const { through, until } = this.#position
    for (const [token, modified] of this.#recent) {
      if (!this.#listed.has(token) || (modified ?? 0) <= until) this.#recent.delete(token)
    }
    const recent = [...this.#recent.keys()].join('')
    if (until > through) this.#settled.before = undefined
    this.#position = { ...this.#position, through: until, after: '', recent }
    return until > through
  }

  /** Whether objects were left out because the slot remembers too many; the next scan reads them. */
  get crowded(): boolean {
    return this.#crowded
  }

  /** Returns how many objects have appeared since the last scan that count as read, because of when they were modified. */
  takeLate(): number {
    const { listed, before } = this.#settled
    this.#settled.before = listed
    return before === undefined ? 0 : Math.max(0, listed - before)
  }

  #isFull(): boolean {
    if (this.#recent.size + this.#issued < MOST_RECENT) return false
    this.#crowded = true
    return true
  }

  /** The time of modification of the middle one of the recent objects. */
  #middle(): number {
    const times = [...this.#recent.values()].filter((time) => time !== null).toSorted((a, b) => a - b)
    return times[Math.floor(times.length / 2)] ?? 0
  }

  #progress(claimed: Claimed): ObjectProgress {
    const { key, lastModified, skip, token } = claimed
    const after = (records: number, done: boolean): SlotPosition => {
      if (!done) return { ...this.#position, object: key, modified: lastModified, records }
      const read = { ...this.#position, object: null, modified: 0, records: 0 }
      return token === null ? { ...read, after: key } : { ...read, recent: this.#position.recent + token }
    }
    return {
      partition: this.partition,
      skip,
      offsetAfter: (records, done) => slotOffset(after(records, done)),
      moved: (records, done) => {
        this.#position = after(records, done)
        if (!done || token === null) return
        this.#issued--
        this.#recent.set(token, lastModified)
        this.#listed.add(token)
      },
    }
  }
}

interface Claimed {
  readonly key: string
  readonly lastModified: number
  readonly skip: number
  /** Null for an object of a pass. */
  readonly token: string | null
}
