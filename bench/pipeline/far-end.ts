import { setTimeout as pause } from 'node:timers/promises'

/** How far something has come at a moment. */
export interface Sample {
  /** Milliseconds on a monotonic clock. */
  readonly at: number
  readonly records: number
}

const EVERY_MS = 50
const STALLED_MS = 60_000

/** Asks `count` until it reports `total`. Throws when it makes no headway for a minute. */
export async function watch(total: number, count: () => Promise<number>): Promise<Sample[]> {
  const samples: Sample[] = []
  let lastChange = performance.now()
  for (;;) {
    const records = await count()
    const at = performance.now()
    if (records !== samples.at(-1)?.records) lastChange = at
    samples.push({ at, records })
    if (records >= total) return samples
    if (at - lastChange > STALLED_MS) throw new Error(`${records} of ${total} records arrived, then no more`)
    await pause(EVERY_MS)
  }
}

/** Records a second between the first tenth and the last: connectors start and end at a pace of their own. */
export function steadyRate(samples: readonly Sample[], total: number): number {
  const [from, to] = [total * 0.1, total * 0.9]
  return ((to - from) / (momentOf(samples, to) - momentOf(samples, from))) * 1000
}

/** When `records` had arrived, between the samples by the rule of three. */
function momentOf(samples: readonly Sample[], records: number): number {
  const index = samples.findIndex((sample) => sample.records >= records)
  const after = samples[index]
  const before = samples[index - 1]
  if (after === undefined) throw new Error(`${records} records never arrived`)
  if (before === undefined || after.records === before.records) return after.at
  const part = (records - before.records) / (after.records - before.records)
  return before.at + (after.at - before.at) * part
}
