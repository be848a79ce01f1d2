import { nanoseconds } from './schemas/source.ts'

/** When events were processed, in the units of the envelope. One reading of the clock serves a batch of events. */
export interface ProcessingTime {
  readonly ms: number
  readonly us: number
  readonly ns: number | bigint
}

/** Returns the processing time for microseconds since the epoch. */
export function processingTime(us: number): ProcessingTime {
  return { ms: Math.floor(us / 1000), us, ns: nanoseconds(us) }
}

/** Reads the clock. */
export function readProcessingTime(): ProcessingTime {
  return processingTime(Math.floor((performance.timeOrigin + performance.now()) * 1000))
}
