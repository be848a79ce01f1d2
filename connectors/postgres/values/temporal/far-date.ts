import { MS_PER_DAY } from '../../../../api/index.ts'
import { dateText, paddedTimeText } from './calendar.ts'

/** The furthest time of a JavaScript Date, in milliseconds from the epoch. */
const LIMIT_MS = 8.64e15

/**
 * A Date beyond the range of JavaScript's, whose own time is invalid. Java's dates have a larger range, so that
 * Debezium can write `infinity` and all years of PostgreSQL as Connect's Date and Timestamp.
 */
class FarDate extends Date {
  readonly #ms: number

  constructor(ms: number) {
    super(Number.NaN)
    this.#ms = ms
  }

  override getTime(): number {
    return this.#ms
  }

  override valueOf(): number {
    return this.#ms
  }

  override toISOString(): string {
    const day = Math.floor(this.#ms / MS_PER_DAY)
    return `${dateText(day)}T${paddedTimeText((this.#ms - day * MS_PER_DAY) * 1000, 3)}Z`
  }

  override toJSON(): string {
    return this.toISOString()
  }

  override toString(): string {
    return this.toISOString()
  }
}

/** Returns the Date for milliseconds since the epoch, also beyond the range of JavaScript's dates. */
export function farDateFromMs(ms: number): Date {
  return Math.abs(ms) <= LIMIT_MS ? new Date(ms) : new FarDate(ms)
}
