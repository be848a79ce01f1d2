import type { Operation, Outcome } from '../ports.ts'

/** An operation on its way through the writer. */
export interface Entry {
  readonly operation: Operation
  /** Number that operations on the same document share; -1 if the server creates the id. */
  readonly slot: number
  /** Milliseconds since the epoch. */
  readonly addedAt: number
  /** See `Generations`. */
  readonly generation: number
  /** Number of errors that `max.retries` limits. */
  failures: number
  /** Whether nobody waits for the outcome any more: it is not sent again. */
  dropped: boolean
}

/** An operation that is settled. */
export interface Settlement {
  readonly entry: Entry
  /** Undefined if it was dropped. */
  readonly outcome: Outcome | undefined
}
