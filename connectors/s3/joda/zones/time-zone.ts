import { MS_PER_CYCLE } from '../calendar.ts'

const MS_PER_SECOND = 1000

/** Offsets are looked up in steps of this length, 5.8 days, which is shorter than the time between two changes. */
const STEP_MS = 500_000_000

/** Steps that a zone keeps: about 16 years. */
const MAX_STEPS = 1000

/** The year 2600 and its opposite. Offsets beyond repeat every 400 years, and are constant before. */
const FAR_MS = 2e13

/** A range of instants, in milliseconds, in which the offset does not change. `end` is not included. */
export interface Stretch {
  readonly start: number
  readonly end: number
  /** Local time minus UTC, in milliseconds. */
  readonly offset: number
}

/**
 * A time zone. Instants and local times are milliseconds since the epoch, safe integers of any size.
 *
 * Source: Joda-Time's DateTimeZone. Differs: uses the time zone data of Node.js, whose rules may be newer,
 * and which differ for some zones before 1970.
 */
export class TimeZone {
  readonly id: string
  readonly #measure: (instant: number) => number
  readonly #steps = new Map<number, readonly Stretch[]>()
  #last: Stretch

  /** `measure` returns the offset at an instant between the years 1337 and 2600; it may be slow. */
  constructor(id: string, measure: (instant: number) => number) {
    this.id = id
    this.#measure = measure
    this.#last = { start: 0, end: 0, offset: 0 }
  }

  offsetAt(instant: number): number {
    const last = this.#last
    return instant >= last.start && instant < last.end ? last.offset : this.stretchAt(instant).offset
  }

  /** Returns a stretch that contains the instant. It may be shorter than the time between two changes. */
  stretchAt(instant: number): Stretch {
    const last = this.#last
    if (instant >= last.start && instant < last.end) return last
    if (instant < -FAR_MS) return { start: -Infinity, end: -FAR_MS, offset: this.offsetAt(-FAR_MS) }
    const cycles = instant > FAR_MS ? Math.floor(instant / MS_PER_CYCLE) - 1 : 0
    if (cycles > 0) return moved(this.stretchAt(instant - cycles * MS_PER_CYCLE), cycles * MS_PER_CYCLE)
    const found = this.#stepAt(Math.floor(instant / STEP_MS)).find(({ end }) => instant < end)
    if (found === undefined) throw new Error(`No offset of ${this.id} at ${instant}`)
    this.#last = found
    return found
  }

  #stepAt(index: number): readonly Stretch[] {
    let step = this.#steps.get(index)
    if (step === undefined) {
      step = this.#readStep(index * STEP_MS, (index + 1) * STEP_MS)
      if (this.#steps.size >= MAX_STEPS) this.#steps.clear()
      this.#steps.set(index, step)
    }
    return step
  }

  #readStep(start: number, end: number): readonly Stretch[] {
    const changes: { at: number; offset: number }[] = []
    const [first, last] = [this.#measure(start), this.#measure(end)]
    this.#findChanges(start, first, end, last, changes)
    let stretch = { start, end, offset: first }
    const stretches = [stretch]
    for (const { at, offset } of changes) {
      stretch.end = at
      stretches.push((stretch = { start: at, end, offset }))
    }
    return stretches.filter((one) => one.start < one.end)
  }

  /** Finds changes between two instants that are full seconds, as all changes are. */
  #findChanges(
    start: number,
    before: number,
    end: number,
    after: number,
    changes: { at: number; offset: number }[],
  ): void {
    if (before === after) return
    if (end - start <= MS_PER_SECOND) {
      changes.push({ at: end, offset: after })
      return
    }
    const middle = start + Math.floor((end - start) / MS_PER_SECOND / 2) * MS_PER_SECOND
    const offset = this.#measure(middle)
    this.#findChanges(start, before, middle, offset, changes)
    this.#findChanges(middle, offset, end, after, changes)
  }

  /** Returns the first change of the offset after `start` and until `end`; undefined if there is none. */
  changeWithin(start: number, end: number): number | undefined {
    let stretch = this.stretchAt(start)
    while (stretch.end <= end) {
      const next = this.stretchAt(stretch.end)
      if (next.offset !== stretch.offset) return next.start
      stretch = next
    }
    return undefined
  }

  /** Returns the last change of the offset after `start` and until `end`; undefined if there is none. */
  lastChangeWithin(start: number, end: number): number | undefined {
    let stretch = this.stretchAt(end)
    while (stretch.start > start) {
      const previous = this.stretchAt(stretch.start - 1)
      if (previous.offset !== stretch.offset) return stretch.start
      stretch = previous
    }
    return undefined
  }
}

function moved({ start, end, offset }: Stretch, by: number): Stretch {
  return { start: start + by, end: end + by, offset }
}
