import { messageOf, type Delivery, type Logger } from '../../../api/index.ts'
import { Changes } from '../../timing/index.ts'

/**
 * Deliveries that wait for a task's `delivered` hook; each holds a whole record. A task polls no further while there are
 * more.
 */
export const MOST_WAITING_DELIVERIES = 10_000

/** Calls a task's `delivered` hook: in order, one call at a time, and never after {@link finish}. */
export class DeliveryHook {
  readonly #call: (deliveries: readonly Delivery[]) => Promise<void>
  readonly #log: Logger
  readonly #changes = new Changes()
  #waiting: Delivery[] = []
  #calling = false
  #finished = false

  constructor(call: (deliveries: readonly Delivery[]) => Promise<void>, log: Logger) {
    this.#call = call
    this.#log = log
  }

  /** Whether the hook is too far behind: see {@link MOST_WAITING_DELIVERIES}. */
  get full(): boolean {
    return this.#waiting.length > MOST_WAITING_DELIVERIES
  }

  /** Takes deliveries for the next call. Returns at once, so that an acknowledgement never runs a plugin's code. */
  add(deliveries: readonly Delivery[]): void {
    if (this.#finished) return
    for (const delivery of deliveries) this.#waiting.push(delivery)
    if (!this.#calling) void this.#run()
  }

  /** Resolves when the hook is no longer {@link full}; rejects with the reason of the signal. */
  room(signal: AbortSignal): Promise<void> {
    return this.#changes.until(() => !this.full, signal)
  }

  /** Waits until the hook has heard of everything. Resolves to false when that takes too long, or on abort. */
  caughtUp(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#changes.waitFor(() => !this.#calling, timeoutMs, signal)
  }

  /** Makes no call any more; the task is about to be closed. */
  finish(): void {
    this.#finished = true
    if (this.#waiting.length > 0 || this.#calling) {
      this.#log.warn('the task is closed before delivered() has heard of all records', {
        waiting: this.#waiting.length,
        running: this.#calling,
      })
    }
    this.#waiting = []
  }

  async #run(): Promise<void> {
    this.#calling = true
    await Promise.resolve() // what else is acknowledged now goes into the same call
    while (this.#waiting.length > 0) {
      const deliveries = this.#waiting
      this.#waiting = []
      this.#changes.notify()
      try {
        await this.#call(deliveries)
      } catch (error) {
        this.#log.error('delivered() failed', { reason: messageOf(error), err: error })
      }
    }
    this.#calling = false
    this.#changes.notify()
  }
}
