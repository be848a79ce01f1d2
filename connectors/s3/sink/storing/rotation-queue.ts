import { setMaxListeners } from 'node:events'
import type { Conflict, Rotation } from './rotation.ts'
import type { StoredDirectory, Storing } from './storing.ts'

/** Closed rotations of a partition that may wait for being stored. */
const MAX_CLOSED = 8

/** What happens to the rotations of a partition. */
export interface RotationEvents {
  /** All objects of the rotation are in the bucket. */
  stored(rotation: Rotation): void
  /** Other objects were in the bucket. Later rotations have been dropped. */
  conflict(conflict: Conflict): void
}

/**
 * Stores the rotations of one partition in the background, one after the other: whether the objects of a rotation are
 * the right ones is known only when those before have been stored.
 */
export class RotationQueue {
  readonly #storing: Storing
  readonly #events: RotationEvents
  readonly #closing = new AbortController()
  #rotations: Rotation[] = []
  #run: Promise<void> | undefined
  #stopped = false
  /** One after a conflict, as the next object may exist too: what is closed behind it would be for nothing. */
  #max = MAX_CLOSED

  constructor(storing: Storing, events: RotationEvents) {
    this.#storing = storing
    this.#events = events
    setMaxListeners(0, this.#closing.signal) // each object that is being stored has its own
  }

  /** Offset of the first record that is closed and not stored; undefined if there is none. */
  get start(): number | undefined {
    return this.#rotations[0]?.start
  }

  /** Whether no rotation should be added. */
  get full(): boolean {
    return this.#rotations.length >= this.#max || (this.#rotations.length > 0 && this.#storing.full)
  }

  add(rotation: Rotation): void {
    if (this.#stopped) return void discardAll([rotation])
    this.#rotations.push(rotation)
    this.#storing.count(objectsOf(rotation), rotation.bytes)
    this.#run ??= this.#store()
  }

  /** Resolves when nothing is waiting: everything has been stored or dropped. Never rejects. */
  async whenEmpty(): Promise<void> {
    while (this.#run !== undefined) await this.#run
  }

  /** Drops everything that is not stored. Never rejects. */
  async abort(): Promise<void> {
    this.#closing.abort(new Error('the partition is no longer assigned to the task'))
    await this.whenEmpty()
    this.#stopped = true
  }

  /** Never rejects. */
  async #store(): Promise<void> {
    try {
      for (;;) {
        const [rotation] = this.#rotations
        if (rotation === undefined) return
        const results = await this.#storeAll(rotation)
        if (results === undefined) return await this.#stop()
        this.#end(rotation, results)
      }
    } finally {
      // At once, not when the promise has settled: a rotation that is added in between would not be stored
      this.#run = undefined
    }
  }

  /** Resolves to undefined if it has failed or is aborted. */
  async #storeAll({ directories }: Rotation): Promise<StoredDirectory[] | undefined> {
    const { signal } = this.#closing
    const results: StoredDirectory[] = []
    const storing = directories.map(async (directory, index) => {
      try {
        results[index] = await this.#storing.store(directory, signal)
      } catch (error) {
        if (!signal.aborted) this.#storing.fail(error)
        throw error
      }
    })
    const settled = await Promise.allSettled(storing)
    return settled.every(({ status }) => status === 'fulfilled') ? results : undefined
  }

  #end(rotation: Rotation, results: readonly StoredDirectory[]): void {
    const kept: { key: string; endOffset: number }[] = []
    const ends = new Map<string, number>()
    for (const [index, { place }] of rotation.directories.entries()) {
      const { endOffset, kept: key } = results[index] as StoredDirectory
      ends.set(place, endOffset)
      if (key !== null) kept.push({ key, endOffset })
    }
    if (kept.length === 0) {
      this.#rotations.shift()
      this.#max = MAX_CLOSED
      this.#storing.count(-objectsOf(rotation), -rotation.bytes)
      return this.#events.stored(rotation)
    }
    void this.#drop()
    this.#max = 1
    this.#events.conflict({ rotation, ends, kept })
  }

  /** What is not stored stays so: its start is still the offset to continue from. */
  async #stop(): Promise<void> {
    this.#stopped = true
    const rotations = this.#rotations
    const dropped = this.#drop()
    this.#rotations = rotations
    await dropped
  }

  #drop(): Promise<void> {
    const rotations = this.#rotations
    this.#rotations = []
    for (const rotation of rotations) this.#storing.count(-objectsOf(rotation), -rotation.bytes)
    return discardAll(rotations)
  }
}

/** Never rejects. */
async function discardAll(rotations: readonly Rotation[]): Promise<void> {
  await Promise.all(
    rotations.flatMap(({ directories }) => directories.map((directory) => directory.discard())),
  )
}

function objectsOf({ directories }: Rotation): number {
  return directories.reduce((sum, { objects }) => sum + objects.length, 0)
}
