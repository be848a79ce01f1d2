import type { ObjectBucket } from '../../ports.ts'
import type { Candidate } from '../listing/candidate.ts'
import type { SourcePlan } from '../plan.ts'
import { readRows, type RowBatch } from '../reading/rows.ts'
import { LinkedAbort } from './linked-abort.ts'

/** The reading of one candidate. It reads the first rows at once, so that they are there when it is their turn. */
export class Reading {
  readonly candidate: Candidate
  readonly #rows: AsyncGenerator<RowBatch>
  readonly #first: Promise<IteratorResult<RowBatch, void>>
  readonly #abort: LinkedAbort

  constructor(
    bucket: Pick<ObjectBucket, 'open'>,
    plan: SourcePlan,
    candidate: Candidate,
    signal: AbortSignal,
  ) {
    this.candidate = candidate
    this.#abort = new LinkedAbort(signal)
    this.#rows = readRows(bucket, plan, candidate, this.#abort.signal)
    this.#first = this.#rows.next()
    this.#first.catch(() => {}) // thrown by `batches`
  }

  /** The rows; rejects as {@link readRows}. To be called once. */
  async *batches(): AsyncGenerator<RowBatch> {
    const first = await this.#first
    if (first.done === true) return
    yield first.value
    yield* this.#rows
  }

  /** Stops reading. Never rejects. */
  async cancel(): Promise<void> {
    this.#abort.abortAndRelease()
    await this.#first.catch(() => {})
    await this.#rows.return(undefined).catch(() => {})
  }
}
