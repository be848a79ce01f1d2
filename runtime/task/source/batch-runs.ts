import type { SourceOffset, SourcePartition } from '../../../api/index.ts'
import { OffsetRun, type PartitionOffsets, type Settled } from './partition-offsets.ts'

/** The records of a polled batch, divided into runs by source partition. */
export class BatchRuns {
  readonly #partitionOf: (partition: SourcePartition | null) => PartitionOffsets
  readonly #byIdentity = new Map<SourcePartition | null, OffsetRun>()
  readonly #byKey = new Map<string, OffsetRun>()
  readonly #runs: OffsetRun[] = []
  readonly #size: number
  #current: OffsetRun | undefined
  #currentPartition: SourcePartition | null | undefined
  #count = 0
  /**
   * The number of each record's run and its position there, by index. Undefined while there is only one run.
   */
  #runOf: Uint32Array | undefined
  #placeOf: Uint32Array | undefined

  /** For a batch of `size` records; `partitionOf` finds a source partition by its content. */
  constructor(size: number, partitionOf: (partition: SourcePartition | null) => PartitionOffsets) {
    this.#size = size
    this.#partitionOf = partitionOf
  }

  get runs(): readonly OffsetRun[] {
    return this.#runs
  }

  /** Adds the next record. */
  add(partition: SourcePartition | null, offset: SourceOffset | null): void {
    const run = this.#runFor(partition)
    const place = run.add(offset)
    if (this.#runOf !== undefined && this.#placeOf !== undefined) {
      this.#runOf[this.#count] = run.number
      this.#placeOf[this.#count] = place
    }
    this.#count++
  }

  /** Settles records by their index; calls `completed` for each run that has no pending records left. */
  settle(first: number, count: number, state: Settled, completed: (run: OffsetRun) => void): void {
    const [only] = this.#runs
    if (this.#runOf === undefined || this.#placeOf === undefined) {
      only?.settle(first, count, state)
      if (only?.complete === true) completed(only)
      return
    }
    for (let index = first; index < first + count; index++) {
      const run = this.#runs[this.#runOf[index] ?? 0]
      run?.settle(this.#placeOf[index] ?? 0, 1, state)
      if (run?.complete === true) completed(run)
    }
  }

  #runFor(partition: SourcePartition | null): OffsetRun {
    let run = this.#current
    if (run !== undefined && partition === this.#currentPartition) return run
    if (run === undefined || !sameFields(partition, this.#currentPartition)) run = this.#find(partition)
    this.#current = run
    this.#currentPartition = partition
    return run
  }

  #find(partition: SourcePartition | null): OffsetRun {
    const known = this.#byIdentity.get(partition)
    if (known !== undefined) return known
    const offsets = this.#partitionOf(partition)
    return this.#byKey.get(offsets.key) ?? this.#newRun(partition, offsets)
  }

  #newRun(partition: SourcePartition | null, offsets: PartitionOffsets): OffsetRun {
    const run = new OffsetRun(offsets, this.#runs.length, this.#runs.length === 0 ? this.#size : 0)
    this.#byKey.set(offsets.key, run)
    this.#byIdentity.set(partition, run)
    if (this.#runs.push(run) === 2) this.#keepPlaces()
    return run
  }

  /** Until the second run, the position of a record is its index. */
  #keepPlaces(): void {
    this.#runOf = new Uint32Array(this.#size)
    this.#placeOf = new Uint32Array(this.#size)
    for (let index = 0; index < this.#count; index++) this.#placeOf[index] = index
  }
}

/**
 * Whether two objects identify the same source partition, as far as can be seen without serializing them.
 */
function sameFields(one: SourcePartition | null, other: SourcePartition | null | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const names = Object.keys(one)
  const others = Object.keys(other)
  return (
    names.length === others.length &&
    names.every((name, at) => name === others[at] && one[name] === other[name])
  )
}
