import { messageOf, type Logger } from '../../api/index.ts'
import { LineLimit } from './line-limit.ts'

/** Logs a failure that may repeat often: the first at once, then at most one line a minute with the number of failures. */
export class RepeatedFailure {
  readonly #log: Logger
  readonly #message: string
  readonly #limit = new LineLimit()

  constructor(log: Logger, message: string) {
    this.#log = log
    this.#message = message
  }

  failed(error: unknown): void {
    const failures = this.#limit.due()
    if (failures === undefined) return
    const count = failures > 1 ? { failures } : {}
    this.#log.error(this.#message, { reason: messageOf(error), ...count, err: error })
  }
}
