import { within } from '../../timing/index.ts'
import type { GroupSettings } from './ports.ts'

/** Time to read a response that has already arrived. */
const SOCKET_READ_MS = 100

/** The first interval after a start, as a part of the full one. */
const FIRST_PART = 1 / 30

/**
 * Repeats a call. The interval starts when the previous call has ended. The first intervals are short, and each is
 * twice as long as the one before: one rebalance often follows another, and a heartbeat is how members hear of it.
 *
 * Differs: with Kafka Connect, all heartbeats have the full interval, and there are none during a join.
 */
export class Heartbeats {
  readonly #intervalMs: number
  readonly #beat: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  /** The interval that the timer waits for, and the next one. */
  #currentMs = 0
  #nextMs = 0

  /** `beat` must not reject. */
  constructor(intervalMs: number, beat: () => Promise<void>) {
    this.#intervalMs = intervalMs
    this.#beat = beat
  }

  start(): void {
    this.#nextMs = this.#intervalMs * FIRST_PART
    this.#schedule()
  }

  /** Makes the next intervals short again: another member is expected to leave or to join. No effect while stopped. */
  soon(): void {
    if (this.#timer === undefined) return
    this.#nextMs = this.#intervalMs * FIRST_PART
    if (this.#currentMs > this.#nextMs) this.#schedule()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #run(): Promise<void> {
    const timer = this.#timer
    await this.#beat()
    if (this.#timer === timer && timer !== undefined) this.#schedule()
  }

  #schedule(): void {
    this.stop()
    this.#currentMs = this.#nextMs
    this.#timer = setTimeout(() => void this.#run(), this.#currentMs)
    this.#nextMs = Math.min(this.#intervalMs, this.#nextMs * 2)
  }
}

/**
 * Resolves to true when the coordinator has responded to a heartbeat, to false when the session times out first.
 * `sentAt` and `lastContact`, the time of the last session renewal, are in milliseconds since the epoch.
 */
export async function answeredInSession(
  beat: Promise<unknown>,
  sentAt: number,
  lastContact: number,
  { sessionTimeoutMs, heartbeatIntervalMs }: GroupSettings,
): Promise<boolean> {
  const leftMs = lastContact + sessionTimeoutMs - sentAt
  // After the session timed out, the coordinator that was looked up again has the whole time to answer
  const patienceMs = leftMs > 0 ? Math.max(leftMs, heartbeatIntervalMs) : sessionTimeoutMs
  const answer = beat.then(() => true)
  if (await within(patienceMs, answer, () => false)) return true
  // If this process was held up, the response may be in the socket, which is read only after the timers
  return within(SOCKET_READ_MS, answer, () => false)
}
