import { setTimeout as pause } from 'node:timers/promises'

/** The number of records at a point in time. */
export interface Sample {
  /** Milliseconds on a monotonic clock. */
  readonly at: number
  readonly records: number
}

const EVERY_MS = 50
const STALLED_MS = 60_000

/** Polls `count` until it reaches `total`. Throws if it does not increase for a minute. */
export async function watch(total: number, count: () => Promise<number>): Promise<Sample[]> {
  const samples: Sample[] = []
  let lastChange = performance.now()
  for (;;) {
    const records = await count()
    const at = performance.now()
    if (records !== samples.at(-1)?.records) lastChange = at
    samples.push({ at, records })
    if (records >= total) return samples
    if (at - lastChange > STALLED_MS) throw new Error(`no progress after ${records} of ${total} records`)
    await pause(EVERY_MS)
  }
}

/**
 * Returns the records per second between 10 % and 90 % of the total, which excludes the start and the end. The period
 * begins and ends when the number of records has changed: transactions make it grow in steps.
 * Returns NaN if there was only one step.
 */
export function steadyRate(samples: readonly Sample[], total: number): number {
  const changes = samples.filter(({ records }, index) => records !== samples[index - 1]?.records)
  const first = changes.find(({ records }) => records >= total * 0.1)
  const later = changes.filter(({ records }) => first !== undefined && records > first.records)
  const last = later.findLast(({ records }) => records <= total * 0.9) ?? later[0]
  if (first === undefined || last === undefined) return NaN
  return ((last.records - first.records) / (last.at - first.at)) * 1000
}
