/** A point in time on two clocks, in milliseconds. */
export interface Instant {
  /** Of a clock that is never set, and that all processes of the machine share; it stops while the machine sleeps. */
  readonly monotonicMs: number
  /** Since the epoch, of a clock that may be set. */
  readonly wallMs: number
}

const MS_PER_S = 1000
const NS_PER_MS = 1_000_000

export function now(): Instant {
  const [seconds, nanoseconds] = process.hrtime()
  return { monotonicMs: seconds * MS_PER_S + nanoseconds / NS_PER_MS, wallMs: Date.now() }
}

export const later = ({ monotonicMs, wallMs }: Instant, ms: number): Instant => ({
  monotonicMs: monotonicMs + ms,
  wallMs: wallMs + ms,
})

/** Whether an instant has come on one of the clocks. */
export const isPast = (instant: Instant): boolean => until(instant) <= 0

/** The time until an instant comes on one of the clocks, in milliseconds; not positive if it has come. */
export function until({ monotonicMs, wallMs }: Instant): number {
  const current = now()
  return Math.min(monotonicMs - current.monotonicMs, wallMs - current.wallMs)
}
