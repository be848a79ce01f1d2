import type { SourceOffset, SourcePartition } from '../../../../api/index.ts'
import type { ListedObject } from '../../ports.ts'
import type { ObjectProgress } from './progress.ts'
import {
  compareNames,
  parseSeriesOffset,
  seriesOffset,
  seriesPartition,
  type SeriesMark,
} from './series-mark.ts'

/** What is known of a series. */
export interface SeriesState {
  mark: SeriesMark | undefined
  /** The last object that this scan passed on for reading. */
  issued: SeriesMark | undefined
  /** The object that waits for others before it, and since when, in milliseconds since the epoch. */
  held: { readonly name: string; readonly since: number } | undefined
  /** Objects that were modified later than this and lie before the mark came late. */
  knownUntil: number
}

/** The object of a series that a position is about. */
export interface SeriesObject {
  readonly series: string
  /** The end of the key: the offset and the extension. */
  readonly name: string
  readonly start: number
  readonly extension: string
}

/** The positions in the series of a task. Takes about 500 bytes for each series. */
export class SeriesPositions {
  readonly #bucket: string
  readonly #states = new Map<string, SeriesState>()

  constructor(bucket: string) {
    this.#bucket = bucket
  }

  get size(): number {
    return this.#states.size
  }

  has(series: string): boolean {
    return this.#states.has(series)
  }

  partition(series: string): SourcePartition {
    return seriesPartition(this.#bucket, series)
  }

  /** Adds a series with its stored offset. Throws `HR_CONNECT` for an invalid offset. */
  learn(series: string, stored: SourceOffset | undefined): void {
    const mark = stored === undefined ? undefined : parseSeriesOffset(stored)
    // An offset that a user wrote has no such time: the objects that exist now are not late
    const knownUntil = mark?.modified === 0 ? Date.now() : (mark?.modified ?? 0)
    this.#states.set(series, { mark, issued: undefined, held: undefined, knownUntil })
  }

  /** Returns the state of a series, which must be known. */
  state(series: string): SeriesState {
    const state = this.#states.get(series)
    if (state === undefined) throw new Error(`the series ${series} is not known`)
    return state
  }

  /** Forgets what earlier scans passed on: the marks say what has been read. */
  beginScan(): void {
    for (const state of this.#states.values()) state.issued = undefined
  }

  /** Whether a position is behind the mark and behind what this scan has passed on. */
  isNext(object: SeriesObject): boolean {
    const { mark, issued } = this.state(object.series)
    if (issued !== undefined && compareNames(object, issued) <= 0) return false
    if (mark === undefined) return true
    const order = compareNames(object, mark)
    return order > 0 || (order === 0 && !mark.done)
  }

  /** Returns the progress in an object that {@link isNext}, and counts it as passed on. */
  issue(object: SeriesObject, { lastModified }: ListedObject): ObjectProgress {
    const state = this.state(object.series)
    const { name, start, extension } = object
    const markAfter = (records: number, done: boolean): SeriesMark => {
      const modified = Math.max(state.mark?.modified ?? 0, lastModified)
      return { name, start, extension, records, done, modified }
    }
    const resumes = state.mark !== undefined && compareNames(object, state.mark) === 0
    state.issued = markAfter(0, false)
    return {
      partition: this.partition(object.series),
      skip: resumes ? (state.mark?.records ?? 0) : 0,
      offsetAfter: (records, done) => seriesOffset(markAfter(records, done)),
      moved: (records, done) => {
        state.mark = markAfter(records, done)
        state.knownUntil = Math.max(state.knownUntil, lastModified)
        state.held = undefined
      },
    }
  }

  /**
   * Returns for how long an object must wait, in milliseconds, because others before it may not be visible yet: those that
   * were written at the same time. It need not wait if it follows the last one without a gap.
   */
  waitFor(object: SeriesObject, modified: number, waitMs: number, now: number): number {
    const state = this.state(object.series)
    const { mark } = state
    const follows = mark !== undefined && (mark.start === object.start || nextStart(mark) === object.start)
    if (follows) return 0
    if (state.held?.name !== object.name) state.held = { name: object.name, since: now }
    const age = Math.max(now - state.held.since, Math.max(0, now - modified))
    return Math.max(0, waitMs - age)
  }
}

/** The offset after the last record, if the object has a record for each offset. */
const nextStart = (mark: SeriesMark): number | undefined =>
  mark.done ? mark.start + mark.records : undefined
