import type { BatchHead } from '../record-batch/index.ts'
import type { AbortedTransaction } from './fetch-request.ts'

const ABORT_MARKER = 0

/**
 * Decides which batches of a fetch response are visible. Skips control batches and batches of aborted
 * transactions.
 *
 * The response lists aborted transactions only with `isolation.level=read_committed`. Source: KIP-98.
 */
export class CommittedBatches {
  readonly #upcoming: AbortedTransaction[]
  readonly #aborted = new Set<bigint>()

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#upcoming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether the batch is visible. Must be called for each batch, in order. */
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

/** The batch has one record, whose key holds a version and a type after five one-byte fields. */
function isAbortMarker({ records }: BatchHead): boolean {
  const keyStart = 5 // length, attributes, timestamp delta, offset delta, key length
  return records.length >= keyStart + 4 && records.readInt16BE(keyStart + 2) === ABORT_MARKER
}
