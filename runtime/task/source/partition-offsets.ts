import type { SourceOffset, SourcePartition } from '../../../api/index.ts'

const PENDING = 0
export const ACKNOWLEDGED = 1
export const DROPPED = 2
/** The final state of a record. A dropped record has no offset to store. */
export type Settled = typeof ACKNOWLEDGED | typeof DROPPED

type Offset = SourceOffset | null

const NO_STATES = new Uint8Array(0)

/**
 * The records of one source partition in one polled batch, in order.
 *
 * Holds only offsets; of adjacent acknowledged records, only the last one.
 */
export class OffsetRun {
  readonly partition: PartitionOffsets
  /** Index among the runs of its batch. */
  readonly number: number
  older: OffsetRun | undefined
  newer: OffsetRun | undefined
  /** Undefined when a later offset supersedes it. */
  #offsets: (Offset | undefined)[] = []
  #states: Uint8Array = NO_STATES
  #pending = 0
  /** Records before this position are settled, and `#last` is the last offset among them. */
  #scanned = 0
  #last: Offset | undefined

  /** `expected` is the expected number of records. */
  constructor(partition: PartitionOffsets, number: number, expected: number) {
    this.partition = partition
    this.number = number
    this.#offsets.length = expected
  }

  /** Whether all records are settled. */
  get complete(): boolean {
    return this.#pending === 0
  }

  /** Adds a record and returns its position in the run. Call {@link seal} after the last one. */
  add(offset: Offset): number {
    const place = this.#pending++
    this.#offsets[place] = offset
    return place
  }

  seal(): void {
    this.#states = new Uint8Array(this.#pending)
  }

  settle(from: number, count: number, state: Settled): void {
    const end = from + count
    this.#states.fill(state, from, end)
    const superseded = state === DROPPED || this.#states[end] === ACKNOWLEDGED
    this.#offsets.fill(undefined, from, superseded ? end : end - 1)
    if (state === ACKNOWLEDGED && this.#states[from - 1] === ACKNOWLEDGED) this.#offsets[from - 1] = undefined
    this.#pending -= count
    if (this.#pending > 0) return
    this.#scan()
    this.#states = NO_STATES
    this.#offsets = []
  }

  /** Takes the last offset before the first pending record; undefined when there is no new one. */
  takeLast(): Offset | undefined {
    this.#scan()
    const last = this.#last
    this.#last = undefined
    return last
  }

  /** Takes over the last offset of the next run. Both runs must be complete. */
  mergeNewer(newer: OffsetRun): void {
    const last = newer.takeLast()
    if (last !== undefined) this.#last = last
  }

  /** Whether a pending record has the same offset object as an acknowledged one right before it. */
  #sharesPending(offset: SourceOffset): boolean {
    let next = this.#scanned + 1
    while (this.#states[next] === DROPPED) next++
    return this.#states[next] === PENDING && this.#offsets[next] === offset
  }

  #scan(): void {
    const states = this.#states
    while (this.#scanned < states.length && states[this.#scanned] !== PENDING) {
      const offset = this.#offsets[this.#scanned]
      if (offset !== undefined) {
        if (offset !== null && this.#sharesPending(offset)) return
        this.#last = offset
        this.#offsets[this.#scanned] = undefined
      }
      this.#scanned++
    }
  }
}

/**
 * The offsets of one source partition that are not committable yet, in the order of its records.
 *
 * Complete runs after a pending one are merged, so the number of pending records bounds the memory used.
 * Source: SubmittedRecords.
 */
export class PartitionOffsets {
  readonly key: string
  readonly partition: SourcePartition | null
  #oldest: OffsetRun | undefined
  #newest: OffsetRun | undefined

  constructor(key: string, partition: SourcePartition | null) {
    this.key = key
    this.partition = partition
  }

  get empty(): boolean {
    return this.#oldest === undefined
  }

  append(run: OffsetRun): void {
    run.older = this.#newest
    if (this.#newest === undefined) this.#oldest = run
    else this.#newest.newer = run
    this.#newest = run
  }

  /** Called when a run completes. Returns true when {@link take} may return a newer offset than before. */
  completed(run: OffsetRun): boolean {
    if (run === this.#oldest) return true
    const { older, newer } = run
    if (newer?.complete === true) this.#join(run, newer)
    if (older?.complete === true) this.#join(older, run)
    return false
  }

  /** Takes the last offset before the first pending record; undefined when there is no new one. */
  take(): Offset | undefined {
    let last: Offset | undefined
    for (let run = this.#oldest; run !== undefined; run = this.#oldest) {
      const offset = run.takeLast()
      if (offset !== undefined) last = offset
      if (!run.complete) break
      this.#unlink(run)
    }
    return last
  }

  #join(older: OffsetRun, newer: OffsetRun): void {
    older.mergeNewer(newer)
    this.#unlink(newer)
  }

  #unlink(run: OffsetRun): void {
    const { older, newer } = run
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
  }
}
