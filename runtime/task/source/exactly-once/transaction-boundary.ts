/** The current transaction of a task; times are in milliseconds since the epoch. */
export interface TransactionTimes {
  /** When it began. */
  readonly begunAt: number
  /** When the last batch was sent. */
  readonly sentAt: number
  /** How long the last commit took, in milliseconds. */
  readonly lastCommitMs: number
}

/** Determines when a transaction is committed, unless its task requests the end. */
export interface TransactionBoundary {
  /** Whether a transaction is committed when its task is paused or stopped. */
  readonly endsWithTask: boolean
  /** Returns when to commit, in milliseconds since the epoch; `Infinity` if only a request ends the transaction. */
  dueAt(times: TransactionTimes): number
}

/** How long a poll that follows a batch may at least take and still join its transaction. */
const NEXT_POLL_MS = 2
const SHORTEST_MS = 200
const LONGEST_MS = 1000
/** A commit takes about the same time whatever it commits; this limits its share of the time. */
const TIMES_COMMIT = 8

/**
 * Commits after each poll. A batch that follows another one sooner than a commit would take shares its transaction, which
 * then lasts a few times as long as a commit, at most {@link LONGEST_MS}. A batch is never divided.
 *
 * Differs: in Kafka Connect each batch is a transaction of its own.
 */
export const pollBoundary: TransactionBoundary = {
  endsWithTask: true,
  dueAt: ({ begunAt, sentAt, lastCommitMs }) => {
    const longestMs = Math.min(Math.max(lastCommitMs * TIMES_COMMIT, SHORTEST_MS), LONGEST_MS)
    return Math.min(sentAt + Math.max(lastCommitMs, NEXT_POLL_MS), begunAt + longestMs)
  },
}

/**
 * Commits when a transaction has been open for `intervalMs`.
 *
 * Differs: Kafka Connect checks the time only after a poll, so that a source that waits for data leaves its transaction
 * open.
 */
export const intervalBoundary = (intervalMs: number): TransactionBoundary => ({
  endsWithTask: true,
  dueAt: ({ begunAt }) => begunAt + intervalMs,
})

/** Commits only at the request of the task. */
export const connectorBoundary: TransactionBoundary = { endsWithTask: false, dueAt: () => Infinity }
