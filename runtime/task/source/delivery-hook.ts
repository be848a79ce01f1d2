import type { Delivery, Logger } from '../../../api/index.ts'
import { RepeatedFailure } from '../../telemetry/index.ts'
import { Changes } from '../../timing/index.ts'

/**
 * Maximum number of deliveries queued for a task's `delivered` hook; each holds a whole record. Polling
 * pauses while there are more.
 */
export const MOST_WAITING_DELIVERIES = 10_000

/** Calls a task's `delivered` hook: in order, one call at a time, and never after {@link finish}. */
export class DeliveryHook {
  readonly #call: (deliveries: readonly Delivery[]) => Promise<void>
  readonly #log: Logger
  readonly #failures: RepeatedFailure
  readonly #changes = new Changes()
  #waiting: Delivery[] = []
  #calling = false
  #finished = false

  constructor(call: (deliveries: readonly Delivery[]) => Promise<void>, log: Logger) {
    this.#call = call
    this.#log = log
    this.#failures = new RepeatedFailure(log, 'delivered() failed')
  }

  /** Whether the queue exceeds {@link MOST_WAITING_DELIVERIES}. */
  get full(): boolean {
    return this.#waiting.length > MOST_WAITING_DELIVERIES
  }

  /** Queues deliveries for the next call. Returns at once: an acknowledgement never runs plugin code. */
  add(deliveries: readonly Delivery[]): void {
    if (this.#finished) return
    for (const delivery of deliveries) this.#waiting.push(delivery)
    if (!this.#calling) void this.#run()
  }

  /** Resolves when the queue is no longer {@link full}; rejects with the reason of the signal. */
  room(signal: AbortSignal): Promise<void> {
    return this.#changes.until(() => !this.full, signal)
  }

  /** Resolves to true when the hook has received all deliveries, and to false on a timeout or abort. */
  caughtUp(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#changes.waitFor(() => !this.#calling, timeoutMs, signal)
  }

  /** Stops calling the hook; the task is about to be closed. */
  finish(): void {
    this.#finished = true
    if (this.#waiting.length > 0 || this.#calling) {
      this.#log.warn('closing the task before delivered() was called for all records', {
        waiting: this.#waiting.length,
        running: this.#calling,
      })
    }
    this.#waiting = []
  }

  async #run(): Promise<void> {
    this.#calling = true
    await Promise.resolve() // acknowledgements of the same tick join this call
    while (this.#waiting.length > 0) {
      const deliveries = this.#waiting
      this.#waiting = []
      this.#changes.notify()
      try {
        await this.#call(deliveries)
      } catch (error) {
        this.#failures.failed(error)
      }
    }
    this.#calling = false
    this.#changes.notify()
  }
}
