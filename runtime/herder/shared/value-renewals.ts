import { startTimer, type Timer } from '../../timing/index.ts'

/**
 * Restarts connectors before values from their config providers expire. At most one renewal is pending per connector.
 *
 * Source: WorkerConfigTransformer.scheduleReload.
 */
export class ValueRenewals {
  readonly #renew: (connector: string) => void
  readonly #pending = new Map<string, Timer>()
  #closed = false

  /** `renew` is called when the values of a connector expire. */
  constructor(renew: (connector: string) => void) {
    this.#renew = renew
  }

  /** Schedules a renewal in `inMs`. It replaces the pending one of the same connector. */
  schedule(connector: string, inMs: number): void {
    this.cancel(connector)
    if (this.#closed) return
    const timer = startTimer(inMs, () => {
      this.#pending.delete(connector)
      this.#renew(connector)
    })
    this.#pending.set(connector, timer)
  }

  cancel(connector: string): void {
    this.#pending.get(connector)?.cancel()
    this.#pending.delete(connector)
  }

  /** Cancels all renewals, and ignores later ones. */
  close(): void {
    this.#closed = true
    for (const connector of this.#pending.keys()) this.cancel(connector)
  }
}
