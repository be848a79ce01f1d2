/** How long the storage waits for a server. */
export interface TimeLimits {
  /** For a connection to be established, in milliseconds. */
  readonly connectMs: number
  /**
   * A connection on which nothing moves for this long is cut, in milliseconds. Bytes that the operating system has taken but
   * not sent yet are not seen to move: on a slow connection, that is some megabytes.
   */
  readonly idleMs: number
  /**
   * Time that a request may take in any case, in milliseconds, and the bytes per millisecond that its body must reach
   * beyond that. So a server that takes a few bytes now and then cannot block a task for ever, while a slow upload goes on.
   */
  readonly requestMs: number
  readonly bytesPerMs: number
}

/** A request has five minutes, and as much more as its body takes at 64 kB/s. */
export const timeLimits: TimeLimits = {
  connectMs: 10_000,
  idleMs: 120_000,
  requestMs: 5 * 60_000,
  bytesPerMs: 64,
}
