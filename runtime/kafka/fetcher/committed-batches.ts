import type { BatchHead } from '../record-batch/index.ts'
import type { AbortedTransaction } from './fetch-request.ts'

const ABORT_MARKER = 0

/**
 * Tells which batches of an answer a reader may see: never control batches, and none of an aborted transaction.
 *
 * The answer names aborted transactions only when it was asked for committed records. Source: KIP-98.
 */
export class CommittedBatches {
  readonly #upcoming: AbortedTransaction[]
  readonly #aborted = new Set<bigint>()

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#upcoming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  }

  /** To be asked batch by batch, in order. */
  visible(batch: BatchHead): boolean {
    for (let next = this.#upcoming[0]; next !== undefined && next.firstOffset <= batch.lastOffset;) {
      this.#aborted.add(next.producerId)
      this.#upcoming.shift()
      next = this.#upcoming[0]
    }
    if (batch.control) {
      if (isAbortMarker(batch)) this.#aborted.delete(batch.producerId)
      return false
    }
    return !(batch.transactional && this.#aborted.has(batch.producerId))
  }
}

/** A control record's key is a version and a type; it lies behind four one-byte fields of the only record. */
function isAbortMarker({ records }: BatchHead): boolean {
  const keyStart = 5 // length, attributes, timestamp delta, offset delta, key length: one byte each
  return records.length >= keyStart + 4 && records.readInt16BE(keyStart + 2) === ABORT_MARKER
}
