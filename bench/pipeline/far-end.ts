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

/** Returns the records per second between 10 % and 90 % of the total, which excludes the start and the end. */
export function steadyRate(samples: readonly Sample[], total: number): number {
  const [from, to] = [total * 0.1, total * 0.9]
  return ((to - from) / (momentOf(samples, to) - momentOf(samples, from))) * 1000
}

/** Returns the time at which `records` had arrived, interpolated between samples. */
function momentOf(samples: readonly Sample[], records: number): number {
  const index = samples.findIndex((sample) => sample.records >= records)
  const after = samples[index]
  const before = samples[index - 1]
  if (after === undefined) throw new Error(`${records} records never arrived`)
  if (before === undefined || after.records === before.records) return after.at
  const part = (records - before.records) / (after.records - before.records)
  return before.at + (after.at - before.at) * part
}
