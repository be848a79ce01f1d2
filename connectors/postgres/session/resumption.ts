import type { SourceOffset, SourceRecord } from '../../../api/index.ts'
import { isPosition, offsetState } from '../streaming/position.ts'

/**
 * Tells whether a start continues after the records that were returned. During the initial snapshot it does not: it takes
 * another one.
 *
 * A snapshot that replaces a stored position counts as resumable. Its own offset must be stored as soon as possible, because
 * a start that finds the replaced one could believe that the new slot continues there.
 */
export class Resumption {
  /** Whether a position has ever been stored, so that a snapshot replaces it. */
  #replaces: boolean
  #inSnapshot = false

  constructor(stored: SourceOffset | undefined) {
    this.#replaces = isPosition(stored)
  }

  get possible(): boolean {
    return !this.#inSnapshot || this.#replaces
  }

  /** Called with the records of each poll. Notifications have no offset. */
  returned(records: readonly SourceRecord[]): void {
    const last = records.findLast(({ sourceOffset }) => sourceOffset !== null)
    if (last !== undefined)
      this.#inSnapshot = offsetState(last.sourceOffset ?? undefined) === 'snapshot unfinished'
  }

  /** Called when Kafka has stored an offset. */
  stored(offset: SourceOffset): void {
    if (isPosition(offset)) this.#replaces = true
  }
}
