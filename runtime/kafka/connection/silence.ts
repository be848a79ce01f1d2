import { noResponse } from './broker-errors.ts'
import type { ClientOutages } from '../outages/index.ts'

/** A broker counts as silent when it exceeds the time that it may hold a request by this much. */
const PATIENCE_MS = 10_000
/** Delay after a failed request before the silence counts as over: its caller reports the failure in the meantime. */
const HANDOVER_MS = 1000
/**
 * The maximum time counted between two checks. After a pause of this process, timers run before sockets are read, so
 * responses may already have arrived.
 */
const MAX_STEP_MS = 1000

/**
 * Detects a broker that keeps a connection open but does not answer, long before the request times out, because its
 * process is suspended, its host hangs, or the network drops packets.
 *
 * It watches the bytes of the connection, which needs no work per request, and a long response that arrives slowly does
 * not count as silence.
 */
export class SilenceWatch {
  readonly #broker: string
  readonly #outages: Pick<ClientOutages, 'failing' | 'recovered'>
  #bytesRead = 0
  #checkedAt: number | undefined
  #waitedMs = 0
  #mutedUntil = 0
  #silent = false
  #handover: NodeJS.Timeout | undefined

  /** `broker` is host:port. */
  constructor(broker: string, outages: Pick<ClientOutages, 'failing' | 'recovered'>) {
    this.#broker = broker
    this.#outages = outages
  }

  /**
   * Called when the first request is sent, regularly while one is in flight, and when none is left. `holdMs`: how long
   * the broker may hold the oldest request in flight; undefined for the first and the last call.
   */
  check(bytesRead: number, holdMs: number | undefined): void {
    const now = Date.now()
    const stepMs = Math.min(now - (this.#checkedAt ?? now), MAX_STEP_MS)
    this.#checkedAt = now
    if (bytesRead !== this.#bytesRead || holdMs === undefined || now < this.#mutedUntil) this.#waitedMs = 0
    else this.#waitedMs += stepMs
    if (bytesRead !== this.#bytesRead) this.#recovered()
    else if (holdMs === undefined) this.#handOver()
    else this.#waiting(holdMs)
    this.#bytesRead = bytesRead
  }

  /** The broker has announced that it reads nothing for `ms`, because a quota is exceeded (KIP-219). */
  mute(ms: number): void {
    if (ms > 0) this.#mutedUntil = Math.max(this.#mutedUntil, Date.now() + ms)
  }

  /** Called when the connection is closed. */
  closed(): void {
    this.#bytesRead = 0
    this.#checkedAt = undefined
    this.#waitedMs = 0
    this.#mutedUntil = 0
    this.#handOver()
  }

  #waiting(holdMs: number): void {
    clearTimeout(this.#handover)
    this.#handover = undefined
    if (this.#silent || this.#waitedMs < PATIENCE_MS + holdMs) return
    this.#silent = true
    this.#outages.failing(this, noResponse(this.#broker, this.#waitedMs))
  }

  /** Without this delay, a continuing outage would briefly seem to be over. */
  #handOver(): void {
    if (!this.#silent || this.#handover !== undefined) return
    this.#handover = setTimeout(() => this.#recovered(), HANDOVER_MS)
    this.#handover.unref()
  }

  #recovered(): void {
    if (!this.#silent) return
    clearTimeout(this.#handover)
    this.#handover = undefined
    this.#silent = false
    this.#outages.recovered(this)
  }
}
