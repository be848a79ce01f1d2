/** What was measured while records moved. */
export interface Measured {
  /** Records per second between 10 % and 90 % of the records. */
  readonly rate: number
  /** From the start of the connector, or of the writer, until the last record. */
  readonly seconds: number
  /** CPU seconds of all processes of the worker per million records. */
  readonly cpuPerMillion: number
  /** Peak of the resident memory of all processes, in bytes. */
  readonly peak: number
}

/** Times from the end of a commit until the record has reached a consumer, in milliseconds. */
export interface Latencies {
  readonly median: number
  readonly p99: number
}

/** All measurements of one worker in one round with the same converters. */
export interface Results {
  readonly snapshot: Measured
  readonly live: Measured
  readonly catchUp: Measured
  readonly latency: Latencies
  /** With `poll.interval.ms` 10. */
  readonly latencyOfShortPolls: Latencies
  /** Size of a record, key and value. */
  readonly recordBytes: number
}

/** Returns a percentile of numbers: the smallest one that so many percent of them do not exceed. NaN without numbers. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN
}
