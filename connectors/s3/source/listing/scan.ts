import type { SourceOffset, SourcePartition } from '../../../../api/index.ts'
import type { ListedObject, ObjectBucket } from '../../ports.ts'
import type { SeriesName, SingleName, SourcePlan } from '../plan.ts'
import type { SeriesPositions } from '../positions/series-positions.ts'
import { ownsTopicPartition, type Share } from '../positions/shares.ts'
import type { Slots } from '../positions/slots.ts'
import type { Candidate } from './candidate.ts'
import type { ScanCounts } from './counts.ts'
import { SeriesRun } from './series-run.ts'

/** Names of a series that are passed on although its listing goes on. */
const PART = 1000
/** After all keys that begin with the text before. */
const LAST = '\u{10FFFF}'

export interface ScanParts {
  readonly bucket: Pick<ObjectBucket, 'list'>
  readonly plan: SourcePlan
  readonly share: Share
  readonly series: SeriesPositions
  readonly slots: Slots
  readonly counts: ScanCounts
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

interface Named {
  readonly object: ListedObject
  readonly name: SeriesName | SingleName
}

/**
 * Lists the objects below one prefix once, and returns those of this task that have not been read, in order.
 *
 * Memory is bounded by a page and a part of a series. With `leap`, listings leave out parts of series before the mark and
 * those of other tasks; without it, they also find objects that appeared late.
 */
export class Scan {
  readonly #parts: ScanParts
  readonly #root: string
  readonly #leap: boolean
  readonly #signal: AbortSignal
  readonly #skipped = new Set<string>()
  #run: SeriesRun | undefined
  /** Where the listing continues, if it does not end. */
  #next: string | undefined
  /** Objects up to this key have been looked at. */
  #seen: string | undefined

  constructor(parts: ScanParts, root: string, leap: boolean, signal: AbortSignal) {
    this.#parts = parts
    this.#root = root
    this.#leap = leap && !parts.plan.naming.singles
    this.#signal = signal
  }

  /** Returns no more objects of this series in this scan. */
  skip(series: string): void {
    this.#skipped.add(series)
  }

  isSkipped(series: string): boolean {
    return this.#skipped.has(series)
  }

  async *candidates(): AsyncGenerator<Candidate> {
    this.#next = this.#parts.plan.startAfter ?? ''
    while (this.#next !== undefined) {
      const from: string = this.#next
      this.#next = undefined
      yield* this.#listFrom(from === '' ? undefined : from)
      if (this.#next === undefined) yield* this.#endRun()
    }
  }

  async *#listFrom(after: string | undefined): AsyncGenerator<Candidate> {
    const { bucket, counts } = this.#parts
    for await (const page of bucket.list(this.#root, after, this.#signal)) {
      counts.pages++
      const named = this.#nameAll(page)
      await this.#learn(named)
      for (const one of named) {
        yield* this.#add(one)
        if (this.#next !== undefined) return
      }
      yield* this.#passOn()
      this.#next = this.#leapAfter(page.at(-1)?.key ?? '')
      if (this.#next !== undefined) return
    }
  }

  /** Returns the objects that may have to be read, with their names. */
  #nameAll(page: readonly ListedObject[]): Named[] {
    const { plan, counts } = this.#parts
    const named: Named[] = []
    for (const object of page) {
      if (object.lastModified < plan.modifiedSince) continue
      const name = plan.naming.parse(object.key)
      if (name === undefined) counts.foreign++
      else if (object.size === 0) counts.empty++
      else named.push({ object, name })
    }
    counts.listed += page.length
    return named
  }

  /** Looks up the stored positions of series that are seen for the first time. */
  async #learn(named: readonly Named[]): Promise<void> {
    const { series: positions, lastOffsets } = this.#parts
    const unknown = new Set<string>()
    for (const { name } of named) {
      if (name.kind === 'series' && this.#owns(name) && !positions.has(name.series)) unknown.add(name.series)
    }
    if (unknown.size === 0) return
    const series = [...unknown]
    const stored = await lastOffsets(series.map((one) => positions.partition(one)))
    for (const [index, one] of series.entries()) positions.learn(one, stored[index])
  }

  #owns({ topic, partition }: SeriesName): boolean {
    return ownsTopicPartition(this.#parts.share, topic, partition)
  }

  *#add({ object, name }: Named): Generator<Candidate> {
    if (name.kind === 'single') {
      if (this.#seen !== undefined && object.key <= this.#seen) return // listed again because of a series
      this.#seen = object.key
      const progress = this.#parts.slots.claim(this.#root, object, name.spread ?? object.key)
      if (progress === undefined) return
      yield { objects: { value: object, keys: null, headers: null }, name, progress, place: null }
      return
    }
    if (this.#run?.series !== name.series) {
      yield* this.#endRun()
      if (this.#next !== undefined || !this.#owns(name)) return
      this.#run = new SeriesRun(name.series, this.#parts.series)
    }
    this.#run?.add(object, name)
  }

  *#passOn(): Generator<Candidate> {
    const run = this.#run
    if (run !== undefined && run.size >= PART && run.canPassOn) yield* this.#take(run, true)
  }

  /** Passes on the rest of a series. It is listed again if there was too much of it. */
  *#endRun(): Generator<Candidate> {
    const run = this.#run
    this.#run = undefined
    if (run === undefined) return
    this.#countLate(run)
    const before = this.#issuedOf(run)
    yield* this.#take(run, false)
    const again = run.overflowed && !this.#skipped.has(run.series) && this.#issuedOf(run) !== before
    if (again) this.#next = run.series
  }

  *#take(run: SeriesRun, keepLast: boolean): Generator<Candidate> {
    const { series: positions } = this.#parts
    for (const { objects, name, place } of run.take(keepLast)) {
      if (this.#skipped.has(run.series)) return
      const main = objects.value ?? objects.keys
      if (main === null) continue
      yield { objects, name, place, progress: positions.issue(place, main) }
    }
  }

  #issuedOf(run: SeriesRun): string | undefined {
    return this.#parts.series.state(run.series).issued?.name
  }

  #countLate(run: SeriesRun): void {
    const { count, first } = run.late
    if (first === undefined) return
    const { counts } = this.#parts
    counts.late += count
    counts.lateKey ??= first.key
    run.acknowledgeLate()
  }

  /** Returns where the listing can go on after a page that ends within a series. */
  #leapAfter(lastKey: string): string | undefined {
    if (!this.#leap) return undefined
    const name = this.#parts.plan.naming.parse(lastKey)
    if (name?.kind !== 'series') return undefined
    const end = `${name.series}${LAST}`
    if (!this.#owns(name) || this.#skipped.has(name.series)) return end
    if (!this.#parts.series.has(name.series)) return undefined
    const { mark } = this.#parts.series.state(name.series)
    // Without a leading zero, later offsets may come before the mark in a listing
    if (mark === undefined || !mark.name.startsWith('0')) return undefined
    const before = `${name.series}${/^\d+/.exec(mark.name)?.[0] ?? ''}`
    return before > lastKey ? before : undefined
  }
}
