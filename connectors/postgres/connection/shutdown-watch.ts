/** What a {@link ShutdownWatch} does. */
export interface ShutdownActions {
  /** Sends a status update. */
  reply(): void
  /** The server has waited long enough for the confirmation of all that it has sent. */
  expired(): void
}

/** The shortest time between two answers. A server that shuts down asks again as soon as it has the answer. */
const REPLY_INTERVAL_MS = 100
/** How long changes may still be confirmed while the server shuts down. */
const GRACE_MS = 3000
/** A server that runs asks less often than this: once in half of wal_sender_timeout. */
const LONGEST_GAP_MS = 1000
const FEWEST_REQUESTS = 10

/**
 * Answers the keepalives that ask for it, and recognizes by them that the server shuts down: its sender asks again and again,
 * without sending data, until everything is confirmed. A fast shutdown waits for it without a limit.
 *
 * Differs: the stream ends after a grace period, so that the server can stop. Nothing is lost: the slot sends again what is not
 * confirmed.
 */
export class ShutdownWatch {
  readonly #actions: ShutdownActions
  readonly #now: () => number
  #repliedAt = -Infinity
  #requests = 0
  #firstAt = 0
  #lastAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(actions: ShutdownActions, now: () => number = () => performance.now()) {
    this.#actions = actions
    this.#now = now
  }

  replyRequested(): void {
    const now = this.#now()
    if (this.#requests === 0 || now - this.#lastAt > LONGEST_GAP_MS) {
      this.#requests = 0
      this.#firstAt = now
    }
    this.#requests++
    this.#lastAt = now
    if (this.#requests >= FEWEST_REQUESTS && now - this.#firstAt >= GRACE_MS) {
      this.#actions.expired()
    } else if (this.#requests === 1) {
      this.#actions.reply()
    } else {
      this.#timer ??= setTimeout(() => this.#reply(), this.#repliedAt + REPLY_INTERVAL_MS - now)
    }
  }

  /** Any status update answers a request. */
  replied(): void {
    this.#repliedAt = this.#now()
    this.stop()
  }

  dataCame(): void {
    this.#requests = 0
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #reply(): void {
    this.#timer = undefined
    this.#actions.reply()
  }
}
