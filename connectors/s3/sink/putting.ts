import { setImmediate as turn } from 'node:timers/promises'
import type { TopicPartition } from '../../../api/index.ts'
import type { PartitionWriter, Progress, WriterParts } from './partition-writer.ts'
import { settledWithin } from './waits.ts'

/** After this time, `put` returns even if records are left, so that the task stays in its group. */
const MAX_PUT_MS = 5000
/** Other work, such as uploads, goes on at least this often. */
const TURN_MS = 20
/** Encoders pass on what they hold until they hold this share of their limit. */
const RELIEF = 0.75

/** Writes what has been put, within the limits of time and memory. */
export class Putting {
  readonly #parts: WriterParts
  readonly #maxHeldBytes: number
  readonly #signal: AbortSignal
  #first = 0
  /** Moves bytes out of memory; undefined when that is done. */
  #settling: Promise<void> | undefined
  #paused = new Set<PartitionWriter>()

  /** The signal is aborted when nothing more may be stored. */
  constructor(parts: WriterParts, maxHeldBytes: number, signal: AbortSignal) {
    this.#parts = parts
    this.#maxHeldBytes = maxHeldBytes
    this.#signal = signal
  }

  /** Whether records or bytes are left that `put` has to go on with. */
  get waiting(): boolean {
    return this.#paused.size > 0
  }

  /** Memory that the encoders hold, estimated. */
  heldBytes = 0

  /**
   * Writes the records that the writers have. If not all can be written now, pauses the partitions, and asks for another
   * call.
   */
  async write(writers: readonly PartitionWriter[], now: number, signal: AbortSignal): Promise<void> {
    const progress = await this.#writeAll(writers, now, signal)
    this.#pause(writers)
    if (progress === 'more') this.#parts.context.putWithin(0)
    const next = writers.reduce((at, { closesAt }) => Math.min(at, closesAt), Infinity)
    if (next !== Infinity) this.#parts.context.putWithin(Math.max(0, next - this.#parts.now()))
  }

  /** Forgets partitions that are no longer assigned. */
  forget(writers: readonly PartitionWriter[]): void {
    for (const writer of writers) this.#paused.delete(writer)
  }

  async #writeAll(writers: readonly PartitionWriter[], now: number, signal: AbortSignal): Promise<Progress> {
    const { plan, storing } = this.#parts
    const until = performance.now() + MAX_PUT_MS
    const deadline = plan.maxPutMs === null ? null : now + plan.maxPutMs
    for (;;) {
      if (!(await this.#settled(writers, until, signal))) return 'blocked'
      const { changes } = storing
      const progress = await this.#round(writers, now, deadline)
      if (progress === 'idle') {
        return (await this.#settled(writers, until, signal)) ? progress : 'blocked'
      }
      const late = deadline !== null && this.#parts.now() > deadline
      if (late || performance.now() > until || signal.aborted) return progress
      if (progress === 'blocked' && !(await this.#changed(changes, until, signal))) return progress
      if (storing.failure !== undefined) return progress
    }
  }

  /** Calls each writer once, beginning with another one each time: the last one has the least time. */
  async #round(writers: readonly PartitionWriter[], now: number, deadline: number | null): Promise<Progress> {
    let progress: Progress = 'idle'
    let since = performance.now()
    const first = this.#first++
    for (let index = 0; index < writers.length; index++) {
      const writer = writers[(first + index) % writers.length] as PartitionWriter
      const own = writer.write(now, deadline)
      if (own === 'more' || progress === 'idle') progress = own
      if (performance.now() - since < TURN_MS) continue
      await turn()
      since = performance.now()
    }
    return progress
  }

  /** Resolves to whether the task is within its memory; false if that takes longer than `until`. */
  async #settled(writers: readonly PartitionWriter[], until: number, signal: AbortSignal): Promise<boolean> {
    const { storing, objects, context } = this.#parts
    if (this.#settling === undefined) {
      await this.#release(writers)
      const settling = storing
        .retried(this, this.#signal, () => objects.settle(this.heldBytes, this.#signal))
        .catch((error: unknown) => {
          if (!this.#signal.aborted) storing.fail(error)
        })
        .finally(() => {
          this.#settling = undefined
          if (this.waiting) context.putWithin(0)
        })
      this.#settling = settling
    }
    return settledWithin(this.#settling, Math.max(0, until - performance.now()), signal)
  }

  /** Makes the encoders that can pass on most do so, if all of them together can pass on too much. */
  async #release(writers: readonly PartitionWriter[]): Promise<void> {
    this.heldBytes = 0
    let releasable = 0
    for (const writer of writers) {
      for (const { encoder } of writer.openObjects()) {
        const { heldBytes } = encoder
        this.heldBytes += heldBytes
        releasable += heldBytes - encoder.keptBytes
      }
    }
    if (releasable <= this.#maxHeldBytes) return
    const largestFirst = writers
      .flatMap((writer) => Array.from(writer.openObjects(), ({ encoder }) => encoder))
      .map((encoder) => ({ encoder, held: encoder.heldBytes, gain: encoder.heldBytes - encoder.keptBytes }))
      .toSorted((a, b) => b.gain - a.gain)
    // A part of them, because each leaves garbage of several times its size for a moment
    for (const { encoder, held, gain } of largestFirst) {
      if (releasable <= this.#maxHeldBytes * RELIEF) return
      await encoder.release()
      releasable -= gain
      this.heldBytes += encoder.heldBytes - held
    }
  }

  /** Resolves to true when something has changed since there had been `before` changes; to false if that takes too long. */
  #changed(before: number, until: number, signal: AbortSignal): Promise<boolean> | boolean {
    const { storing } = this.#parts
    if (storing.changes !== before) return true
    let forget: (() => void) | undefined
    const changed = new Promise<void>((resolve) => {
      forget = storing.onChange(resolve)
    })
    return settledWithin(changed, Math.max(0, until - performance.now()), signal).finally(forget)
  }

  /** Pauses the partitions that have records left, all of them while memory is short, and resumes the others. */
  #pause(writers: readonly PartitionWriter[]): void {
    const { context } = this.#parts
    const left = new Set(
      this.#settling === undefined ? writers.filter(({ unfinished }) => unfinished) : writers,
    )
    const pause: TopicPartition[] = []
    for (const writer of left) if (!this.#paused.has(writer)) pause.push(writer.id)
    const resume: TopicPartition[] = []
    for (const writer of this.#paused) if (!left.has(writer)) resume.push(writer.id)
    if (pause.length > 0) context.pause(pause)
    if (resume.length > 0) context.resume(resume)
    this.#paused = left
  }
}
