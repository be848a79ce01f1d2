import type { Lsn } from '../ports.ts'
import type { Position } from './position.ts'

/** What to do with a message of a stream that continues at a position. */
export type Verdict =
  | 'pass'
  | 'skip'
  /** Outside of transactions, and not known yet whether it was passed on before. */
  | 'hold'

/**
 * Decides which messages at the start of a stream were passed on before.
 *
 * The server sends complete transactions in the order of their commits, from the first one that ends after the start. How
 * far it has got does not tell whether the interrupted one is still to come: its commit may be far behind its changes.
 * All but the interrupted transaction are therefore new. In that one, changes are in the order of their LSNs: those up to
 * the position are skipped, and at the LSN of the position as many as were passed on.
 *
 * | State     | Message                                       | Verdict                | Next      |
 * | --------- | --------------------------------------------- | ---------------------- | --------- |
 * | searching | begin of the interrupted transaction          | pass (held are skipped) | within    |
 * | searching | begin of another transaction                  | pass (held are passed) | searching |
 * | searching | begin, committed before the position, no commit known | skip it all    | searching |
 * | searching | message outside of transactions               | hold                   | searching |
 * | within    | change up to the position                     | skip                   | within    |
 * | within    | change after it, or commit                    | pass                   | done      |
 * | done      | any                                           | pass                   | done      |
 *
 * Source: WalPositionLocator. Differs: one pass, because the stored transaction id and the number of events at an LSN
 * identify the position.
 */
export class ResumePoint {
  readonly #position: Position
  #state: 'searching' | 'within' | 'done'
  #skippingTransaction = false
  /** Events at the LSN of the position that were seen. */
  #seen = 0

  constructor(position: Position) {
    this.#position = position
    const { last } = position
    this.#state = last === undefined || last.type === 'COMMIT' ? 'done' : 'searching'
  }

  /** Whether every message is passed from now on. */
  get done(): boolean {
    return this.#state === 'done'
  }

  /** End of the snapshot, while no event of the stream was passed on. */
  get snapshotLsn(): Lsn | null {
    return this.#position.snapshotLsn
  }

  /** LSN for START_REPLICATION; 0 lets the server start at the slot's confirmed LSN. */
  get startLsn(): Lsn {
    return this.#position.lsnCommit ?? this.#position.snapshotLsn ?? 0
  }

  /**
   * Called at the beginning of a transaction. Returns whether the messages held so far are new, and whether the
   * transaction was begun before, so that its begin was passed on.
   */
  begin(txId: number, finalLsn: Lsn): { readonly heldAreNew: boolean; readonly begunBefore: boolean } {
    const { last, lsnCommit } = this.#position
    this.#skippingTransaction = false
    if (this.#state !== 'searching' || last === undefined) return { heldAreNew: true, begunBefore: false }
    if (last.txId === txId) {
      this.#state = 'within'
      this.#seen = 0
      return { heldAreNew: false, begunBefore: true }
    }
    // Without a complete transaction before the interrupted one, those committed before it precede the snapshot.
    this.#skippingTransaction = lsnCommit === null && finalLsn < last.lsn
    return { heldAreNew: !this.#skippingTransaction, begunBefore: false }
  }

  /** Whether all of the current transaction was covered by the snapshot. */
  get skipsTransaction(): boolean {
    return this.#skippingTransaction
  }

  /** Called for each change of a transaction. */
  change(lsn: Lsn): Verdict {
    if (this.#state === 'done') return 'pass'
    if (this.#skippingTransaction) return 'skip'
    if (this.#state === 'searching') return 'pass'
    const { last } = this.#position
    if (last === undefined || last.type === 'BEGIN') return this.#pass()
    if (lsn < last.lsn) return 'skip'
    if (lsn === last.lsn && this.#seen < last.count) {
      this.#seen++
      return 'skip'
    }
    return this.#pass()
  }

  /** Called for a message outside of transactions. */
  message(lsn: Lsn): Verdict {
    if (this.#state !== 'searching') return 'pass'
    const { last } = this.#position
    if (last !== undefined && last.txId === null) {
      if (lsn > last.lsn) return this.#pass()
      return lsn === last.lsn && ++this.#seen > last.count ? this.#pass() : 'skip'
    }
    return 'hold'
  }

  /** Called at the end of a transaction. */
  commit(): void {
    if (this.#state === 'within') this.#state = 'done'
    this.#skippingTransaction = false
  }

  #pass(): Verdict {
    this.#state = 'done'
    return 'pass'
  }
}
