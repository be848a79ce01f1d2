import type { Logger, SourceOffset, SourcePartition } from '../../../../api/index.ts'
import type { ObjectBucket } from '../../ports.ts'
import type { Candidate } from '../listing/candidate.ts'
import { newCounts, type ScanCounts } from '../listing/counts.ts'
import { Scan } from '../listing/scan.ts'
import type { SourcePlan } from '../plan.ts'
import type { SeriesPositions } from '../positions/series-positions.ts'
import type { Share } from '../positions/shares.ts'
import type { Slots } from '../positions/slots.ts'
import { LinkedAbort } from './linked-abort.ts'
import type { SourceMetrics } from './metrics.ts'
import { ObjectCapture, type CapturedQueue } from './object-capture.ts'
import type { PositionsWithoutRecords } from './positions-without-records.ts'
import { Reading } from './reading.ts'

/** Every so many scans, everything is listed, also what has been read, to find objects that appeared late. */
const FULL_SCAN_INTERVAL = 20

export interface SessionParts {
  readonly bucket: ObjectBucket
  readonly plan: SourcePlan
  readonly share: Share
  readonly series: SeriesPositions
  readonly slots: Slots
  readonly queue: CapturedQueue
  readonly silent: PositionsWithoutRecords
  readonly metrics: SourceMetrics
  readonly log: Logger
  readonly now: () => number
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Lists the bucket again and again, and passes on the records of objects that have not been read. */
export class Session {
  readonly #parts: SessionParts
  readonly #objects: ObjectCapture
  #scans = 0
  /** When the next scan is due because an object waits, in milliseconds from the last one. */
  #nextInMs = Infinity

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#objects = new ObjectCapture(parts)
  }

  /** Runs until the signal is aborted or an error occurs. Can be called again after a retriable error. */
  async run(signal: AbortSignal, succeeded: () => void): Promise<void> {
    const { plan, wait } = this.#parts
    while (!signal.aborted) {
      this.#nextInMs = plan.pollIntervalMs
      await this.#scanAll(signal, succeeded)
      if (!signal.aborted) await wait(this.#nextInMs, signal)
    }
  }

  async #scanAll(signal: AbortSignal, succeeded: () => void): Promise<void> {
    const { plan, series, slots, now } = this.#parts
    const leap = this.#scans % FULL_SCAN_INTERVAL !== 1
    const counts = newCounts()
    series.beginScan()
    for (const root of plan.roots) {
      if (plan.naming.singles) await slots.beginScan(root, now())
      await this.#scanRoot(new Scan({ ...this.#parts, counts }, root, leap, signal), signal, succeeded)
      if (signal.aborted) return
      if (plan.naming.singles) this.#endSlots(root, counts)
    }
    this.#scans++
    this.#report(counts, leap)
    succeeded()
  }

  /** Reads the objects of a scan in order; the next one is opened while one is read. */
  async #scanRoot(scan: Scan, signal: AbortSignal, succeeded: () => void): Promise<void> {
    const { bucket, plan } = this.#parts
    const reading = new LinkedAbort(signal)
    const candidates = scan.candidates()
    const advance = async (): Promise<Reading | undefined> => {
      const next = await candidates.next()
      return next.done === true ? undefined : new Reading(bucket, plan, next.value, reading.signal)
    }
    let following = advance()
    try {
      for (let next = await following; next !== undefined && !signal.aborted; next = await following) {
        following = advance()
        following.catch(() => {}) // thrown when it is its turn
        await this.#readInTurn(scan, next, succeeded)
      }
    } finally {
      reading.abortAndRelease()
      await following.then((left) => left?.cancel()).catch(() => {})
      await candidates.return(undefined).catch(() => {})
    }
  }

  async #readInTurn(scan: Scan, reading: Reading, succeeded: () => void): Promise<void> {
    const { place } = reading.candidate
    try {
      if (place !== null && this.#mustWait(scan, place.series, reading.candidate)) scan.skip(place.series)
      else await this.#objects.capture(reading, succeeded)
    } finally {
      await reading.cancel()
    }
  }

  /** Whether objects before this one, or those that belong to it, may not be visible yet. */
  #mustWait(scan: Scan, series: string, candidate: Candidate): boolean {
    if (scan.isSkipped(series)) return true
    const waitMs = this.#objects.waitFor(candidate)
    if (waitMs <= 0) return false
    this.#nextInMs = Math.min(this.#nextInMs, waitMs)
    return true
  }

  #endSlots(root: string, counts: ScanCounts): void {
    const { slots, silent } = this.#parts
    const { offsets, late, crowded } = slots.endScan(root)
    for (const [partition, offset] of offsets) {
      if (partition !== null && offset !== null) silent.add(partition, offset)
    }
    counts.late += late
    if (crowded) this.#nextInMs = 0
  }

  #report(counts: ScanCounts, leap: boolean): void {
    const { metrics, log, plan } = this.#parts
    metrics.requests.add(counts.pages)
    if (!leap || plan.naming.singles || this.#scans === 1) {
      metrics.foreign.set(counts.foreign)
      metrics.empty.set(counts.empty)
    }
    if (counts.late === 0) return
    metrics.late.add(counts.late)
    log.warn('objects appeared before the position of the source and are not read', {
      bucket: plan.bucket,
      objects: counts.late,
      ...(counts.lateKey === null ? {} : { example: counts.lateKey }),
    })
  }
}
