import { messageOf, type Logger } from '../../api/index.ts'

/** Minimum time between two lines, in milliseconds. */
const INTERVAL_MS = 60_000

/** Logs a failure that may repeat often: the first at once, then at most one line a minute with the number of failures. */
export class RepeatedFailure {
  readonly #log: Logger
  readonly #message: string
  #loggedAt = -Infinity
  /** Failures since the last line. */
  #failures = 0

  constructor(log: Logger, message: string) {
    this.#log = log
    this.#message = message
  }

  failed(error: unknown): void {
    this.#failures++
    const now = Date.now()
    if (now - this.#loggedAt < INTERVAL_MS) return
    const count = this.#failures > 1 ? { failures: this.#failures } : {}
    this.#log.error(this.#message, { reason: messageOf(error), ...count, err: error })
    this.#loggedAt = now
    this.#failures = 0
  }
}
